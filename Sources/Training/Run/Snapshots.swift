import Dispatch
import Gossip
import Synchronization
import Vectors

/// Gathers the models that peers hand in, each at its own moment, by the step they belong to.
final class Snapshots: Sendable {
    struct Snapshot: Sendable {
        let peer: PeerID
        let model: Payload
        /// Samples that the peer had seen.
        let samples: Int
    }

    private struct State {
        var rounds: [UInt64: [Snapshot]]
        /// The peers that are alive.
        var living: Set<PeerID>

        /// Whether everybody who is alive has handed in a model.
        func isComplete(_ round: [Snapshot]) -> Bool {
            round.count >= living.count && living.isSubset(of: round.map(\.peer))
        }
    }

    private let state: Mutex<State>
    private let bell: DispatchSemaphore

    /// `bell` is rung when a round is complete; `rounds` wait already, in a resumed run.
    init(peers: Int, bell: DispatchSemaphore, rounds: [UInt64: [Snapshot]] = [:]) {
        self.bell = bell
        state = Mutex(State(rounds: rounds, living: Set((0..<peers).map { PeerID($0) })))
    }

    func submit(_ snapshot: Snapshot, step: UInt64) {
        let isComplete = state.withLock { state in
            state.rounds[step, default: []].append(snapshot)
            return state.isComplete(state.rounds[step] ?? [])
        }
        if isComplete { bell.signal() }
    }

    /// A peer has died: no round waits for it any more, and none has its model.
    func leave(_ peer: PeerID) {
        state.withLock { state in
            state.living.remove(peer)
            for step in state.rounds.keys { state.rounds[step]?.removeAll { $0.peer == peer } }
        }
        bell.signal()
    }

    /// The rounds that are not complete.
    var waiting: [(step: UInt64, snapshots: [Snapshot])] {
        state.withLock { state in state.rounds.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }

    /// The earliest round of which all living peers have handed in their models, in the order of the peers.
    func takeComplete() -> (step: UInt64, snapshots: [Snapshot])? {
        state.withLock { state in
            let step = state.rounds.filter { state.isComplete($0.value) && !$0.value.isEmpty }.keys.min()
            guard let step, let snapshots = state.rounds.removeValue(forKey: step) else { return nil }
            return (step, snapshots.sorted { $0.peer < $1.peer })
        }
    }
}
