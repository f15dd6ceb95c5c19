public import Vectors

/// The half of local learning that is slow: a model, data and the gradient of one on the other.
///
/// `load` is called on the node's thread, `gradient` on the compute thread, strictly in turn. In virtual time the two
/// come together, without another learner's in between: learners there may share what one gradient needs.
public protocol Learner: ~Copyable, SendableMetatype {
    /// Takes over `scale` times the parameters as they are now. Always copies, all of them.
    mutating func load(_ model: Span<Float>, scale: Float)

    /// The gradient of the next batch's mean loss at the loaded parameters, weight decay included. The vector moves in
    /// and comes back filled.
    mutating func gradient(into vector: consuming FlatVector) -> GradientResult

    /// What it remembers from one gradient to the next: where it stands in its data, its random streams, statistics of
    /// its network. The loaded parameters are not part of it: no gradient is under way when it is asked.
    var state: Numbers { mutating get }

    /// Goes on from such a state. Throws where it is not one of this learner.
    mutating func restore(_ state: Numbers) throws(StateError)
}

/// What came of one gradient.
public struct GradientResult: ~Copyable {
    private let gradient: FlatVector
    public let report: GradientReport

    public init(gradient: consuming FlatVector, report: GradientReport) {
        self.gradient = gradient
        self.report = report
    }

    /// The vector, moved out.
    public consuming func takeGradient() -> FlatVector { gradient }
}

/// The numbers that go with a gradient.
public struct GradientReport: Sendable, Hashable, Codable {
    /// Mean over the batch.
    public let loss: Float
    /// How many samples the model classified correctly before the step.
    public let correct: Int
    /// Samples in the batch.
    public let samples: Int

    public init(loss: Float, correct: Int, samples: Int) {
        self.loss = loss
        self.correct = correct
        self.samples = samples
    }
}
