import Gossip
import Runtime
import Synchronization
import Vectors

/// Takes exact averages over all learners by the sums of the network between ranks: what the learners of a rank hand in
/// is added up in their order, in float32, and then over the ranks.
final class RankAverages: Sendable {
    private let ranks: any RankNetwork
    private let residents: Int
    private let learners: Int
    private let round = Mutex(Round())

    private struct Round {
        var vectors: [PeerID: Payload] = [:]
        var receivers: [Waker] = []
    }

    /// - Parameters:
    ///   - residents: how many learners live on this rank.
    ///   - learners: how many there are in all.
    init(_ ranks: any RankNetwork, residents: Int, learners: Int) {
        self.ranks = ranks
        self.residents = residents
        self.learners = learners
    }

    /// A learner hands in its vector for the average under way, and hears of it by `waker`.
    func handIn(_ vector: Payload, of peer: PeerID, waker: Waker) {
        let whole = round.withLock { round -> Round? in
            precondition(round.vectors[peer] == nil, "peer \(peer) hands in two vectors for one average")
            round.vectors[peer] = vector
            round.receivers.append(waker)
            guard round.vectors.count == residents else { return nil }
            defer { round = Round() }
            return round
        }
        guard let whole else { return }
        let vectors = whole.vectors.sorted { $0.key < $1.key }.map(\.value)
        let share = 1 / Double(learners)
        ranks.sum(Self.sum(vectors, weight: share)) { average in
            for receiver in whole.receivers { receiver.post(.averaged(average)) }
        }
    }

    private static func sum(_ vectors: [Payload], weight: Double) -> Payload {
        let count = vectors[0].count
        var store = VectorStore(count: count, capacity: 1)
        store.combine(
            into: 0, range: 0..<count, vectors.map { VectorStore.Term(weight: weight, source: .payload($0)) })
        return store.snapshot(0, range: 0..<count)
    }
}
