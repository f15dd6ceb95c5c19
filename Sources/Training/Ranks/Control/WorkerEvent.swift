import Gossip
import Graphs
import Runs
import Runtime

/// What a worker tells of itself.
enum WorkerEvent: Codable, Sendable {
    /// Something has happened that is worth a look.
    case ring
    /// A peer hands in its model, which goes with the event, for the test after that step.
    case snapshot(peer: PeerID, samples: Int, step: UInt64)
}
