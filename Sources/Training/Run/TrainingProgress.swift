/// Where a run stands, for a progress line.
public struct TrainingProgress: Sendable, Hashable {
    /// Gradient steps made and to be made, over all peers.
    public var steps = 0
    public var stepsTotal = 0
    /// Seconds of training so far.
    public var seconds = 0.0
    public var samplesPerSecond = 0.0
    /// Mean training loss of the last stretch of steps, over the peers that have reported one.
    public var loss: Double?
    /// The last test accuracy of the consensus model.
    public var accuracy: Double?
    public var isTesting = false

    public init() {}
}
