public import Records
public import Runs
public import Vectors
public import Workloads

/// How a run ended, and what it came to.
public struct TrainingOutcome: Sendable {
    /// Why training ended.
    public let ending: RunEnding
    /// The content of the run's `summary.json`.
    public let summary: Summary
    /// Test accuracy and mean loss of each peer's model; nil for a peer that died.
    public let peers: [Score?]
    /// The same of the server behind the learners, where there is one.
    public let server: Score?
    /// The server's model where there is one, else the average of the peers' evaluated models.
    public let model: Payload
    /// What that model says of each test sample; none where nothing is classified.
    public let answers: [Answer]
    /// Each learner's model at the end, where the experiment wants them kept: nil for one that died.
    public let peerModels: [Payload?]
    /// The signal by which somebody asked for an early end, in this process or on another rank of the run.
    public var stopSignal: Int32?
}
