/// When a step is taken: what the transforms of a chain know beside the gradient and the parameters.
public struct StepContext: Sendable, Hashable {
    /// What the step will be scaled by behind the last transform.
    public let learningRate: Float
    /// Epochs since the begin of the run, fractions included.
    public let epoch: Double
}
