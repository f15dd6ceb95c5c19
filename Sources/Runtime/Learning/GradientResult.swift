public import Vectors

/// What came of one gradient.
public struct GradientResult: ~Copyable {
    private let gradient: FlatVector
    /// Loss, correct answers and samples of the batch.
    public let report: GradientReport

    /// Takes the gradient over; it has the model's length.
    public init(gradient: consuming FlatVector, report: GradientReport) {
        self.gradient = gradient
        self.report = report
    }

    /// The vector, moved out.
    public consuming func takeGradient() -> FlatVector { gradient }
}
