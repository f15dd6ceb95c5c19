/// Where a run stands, for a progress line.
public struct TrainingProgress: Sendable, Hashable {
    /// Gradient steps made so far, over all learners.
    public var steps = 0
    /// Gradient steps that will have been made in the end, over all learners; from the dead no more are expected.
    public var stepsTotal = 0
    /// Seconds of training so far.
    public var seconds = 0.0
    /// Samples that all learners learned from, for each second of training so far.
    public var samplesPerSecond = 0.0
    /// Mean training loss of the last stretch of steps, over the peers that have reported one.
    public var loss: Double?
    /// The last test accuracy of the evaluated model, from 0 to 1; nil before the first test.
    public var accuracy: Double?
    /// Whether models are tested just now, while training stands still.
    public var isTesting = false

    /// A run that has not begun.
    public init() {}
}
