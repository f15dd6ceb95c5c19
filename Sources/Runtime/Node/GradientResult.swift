public import Vectors

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
