public import Vectors

/// What came of computing on a pass.
public struct PassResult: ~Copyable {
    /// How far the pass has come.
    public let report: PassReport
    private let gradient: FlatVector?

    /// A pass that has stopped, or one that has ended with this gradient, of the length of the peer's vectors.
    public init(_ report: PassReport, gradient: consuming FlatVector? = nil) {
        self.report = report
        self.gradient = gradient
    }

    /// The gradient of a pass that has ended, moved out.
    public consuming func takeGradient() -> FlatVector? { gradient }
}
