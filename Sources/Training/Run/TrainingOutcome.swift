public import Records
public import Vectors
public import Workloads

/// How a run ended, and what it came to.
public struct TrainingOutcome: Sendable {
    /// What brought the run to its end.
    public enum Ending: Sendable, Hashable {
        /// Every living learner has made the steps asked for.
        case completed
        /// The evaluated model reached the accuracy asked for.
        case targetReached
        /// Somebody asked for an early end.
        case stopped
        /// A loss was no longer a number.
        case diverged(peer: Int, step: Int)
        /// A peer could not go on without one that was gone.
        case abandoned(peer: Int, reason: String)
    }

    /// Why training ended.
    public let ending: Ending
    /// The content of the run's `summary.json`.
    public let summary: Summary
    /// Test accuracy and mean loss of each peer's model; nil for a peer that died.
    public let peers: [Score?]
    /// The same of the server behind the learners, where there is one.
    public let server: Score?
    /// The server's model where there is one, else the average of the peers' evaluated models.
    public let model: Payload
    /// Each learner's model at the end, where the experiment wants them kept: nil for one that died.
    public let peerModels: [Payload?]
    /// The signal by which somebody asked for an early end, in this process or on another rank of the run.
    public var stopSignal: Int32?
}
