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

    private let peers: Int
    private let rounds: Mutex<[UInt64: [Snapshot]]>
    private let bell: DispatchSemaphore

    /// `bell` is rung when a round is complete; `rounds` wait already, in a resumed run.
    init(peers: Int, bell: DispatchSemaphore, rounds: [UInt64: [Snapshot]] = [:]) {
        self.peers = peers
        self.bell = bell
        self.rounds = Mutex(rounds)
    }

    func submit(_ snapshot: Snapshot, step: UInt64) {
        let isComplete = rounds.withLock { rounds in
            rounds[step, default: []].append(snapshot)
            return rounds[step]?.count == peers
        }
        if isComplete { bell.signal() }
    }

    /// The rounds that are not complete.
    var waiting: [(step: UInt64, snapshots: [Snapshot])] {
        rounds.withLock { rounds in rounds.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }

    /// The earliest round of which all peers have handed in their models, in the order of the peers.
    func takeComplete() -> (step: UInt64, snapshots: [Snapshot])? {
        rounds.withLock { rounds in
            let step = rounds.filter { $0.value.count == peers }.keys.min()
            guard let step, let snapshots = rounds.removeValue(forKey: step) else { return nil }
            return (step, snapshots.sorted { $0.peer < $1.peer })
        }
    }
}
