import Checkpoints
import Gossip
import Runs
import Runtime

/// The answer to an order.
enum Reply: Codable, Sendable {
    case done
    case report(WorkerReport)
    /// The peer's numbers go with the answer.
    case saved(PeerState)
    /// The model goes with the answer as its payload.
    case model
    /// The peer's saved state is none of this experiment.
    case unfit(peer: Int, reason: String)
    /// With the exit code that goes with it.
    case failed(String, code: Int32)
}
