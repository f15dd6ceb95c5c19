import Gossip
import Graphs
import Runs
import Runtime
import Synchronization
import Vectors

/// Takes exact averages over all learners by the sums of the network between ranks: what the learners of a rank hand in
/// is added up in their order, in float32, and then over the ranks. A vector that was handed in counts as traffic until
/// its learner has handled the average.
final class RankAverages: Sendable {
    private let ranks: any ProcessNetwork
    private let traffic: Traffic
    private let localPeerIDs: Int
    private let learners: Int
    private let state = Mutex(State())

    private struct State {
        var round = Round()
        /// Vectors in sums that are not there yet.
        var underWay = 0
        var isAbandoned = false
    }

    private struct Round {
        var vectors: [PeerID: Payload] = [:]
        var receivers: [Waker] = []
    }

    /// - Parameters:
    ///   - local peers: how many learners live on this rank.
    ///   - learners: how many there are in all.
    init(_ ranks: any ProcessNetwork, _ traffic: Traffic, localPeerIDs: Int, learners: Int) {
        self.ranks = ranks
        self.traffic = traffic
        self.localPeerIDs = localPeerIDs
        self.learners = learners
    }

    /// A learner hands in its vector for the average under way, and hears of it by `waker`.
    func handIn(_ vector: Payload, of peer: PeerID, waker: Waker) {
        let whole = state.withLock { state -> Round? in
            guard !state.isAbandoned else { return nil }
            traffic.began()
            precondition(state.round.vectors[peer] == nil, "peer \(peer) hands in two vectors for one average")
            state.round.vectors[peer] = vector
            state.round.receivers.append(waker)
            guard state.round.vectors.count == localPeerIDs else { return nil }
            defer { state.round = Round() }
            state.underWay += localPeerIDs
            return state.round
        }
        guard let whole else { return }
        let vectors = whole.vectors.sorted { $0.key < $1.key }.map(\.value)
        let share = 1 / Double(learners)
        ranks.sum(Self.sum(vectors, weight: share)) { [self] average in
            let isWanted = state.withLock { state in
                guard !state.isAbandoned else { return false }
                state.underWay -= localPeerIDs
                return true
            }
            if isWanted { for receiver in whole.receivers { receiver.post(.averaged(average)) } }
        }
    }

    /// A rank is gone, without which no sum is ever whole: what was handed in is given up.
    func abandon() {
        let lost = state.withLock { state in
            guard !state.isAbandoned else { return 0 }
            state.isAbandoned = true
            defer { state.round = Round() }
            return state.underWay + state.round.vectors.count
        }
        for _ in 0..<lost { traffic.ended() }
    }

    private static func sum(_ vectors: [Payload], weight: Double) -> Payload {
        let count = vectors[0].count
        var store = VectorStore(count: count, capacity: 1)
        store.combine(
            into: 0, range: 0..<count, vectors.map { VectorStore.Term(weight: weight, source: .payload($0)) })
        return store.snapshot(0, range: 0..<count)
    }
}
