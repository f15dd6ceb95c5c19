/// The numbers that go with a gradient.
public struct GradientReport: Sendable, Hashable, Codable {
    /// Mean over the batch.
    public let loss: Float
    /// How many samples the model classified correctly before the step.
    public let correct: Int
    /// Samples in the batch.
    public let samples: Int

    /// Loss as the batch's mean, correct answers and samples as counts.
    public init(loss: Float, correct: Int, samples: Int) {
        self.loss = loss
        self.correct = correct
        self.samples = samples
    }
}
