internal import Vectors

/// Shortens the whole gradient to a largest Euclidean norm, as `torch.nn.utils.clip_grad_norm_` does.
///
/// A gradient that holds a number which is not finite stays as it is, for the run to find.
public struct ClipNorm: GradientTransform {
    /// The largest norm.
    public let limit: Float
    private var factor: Float = 1

    /// Clipping to a norm above 0.
    public init(_ limit: Float) {
        precondition(limit > 0, "a gradient cannot be clipped to the length \(limit)")
        self.limit = limit
    }

    public mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext) {
        measure(gradient)
    }

    /// Finds by how much this gradient has to be shortened.
    mutating func measure(_ gradient: Span<Float>) {
        let norm = squaredNorm(gradient).squareRoot()
        factor = norm.isFinite && norm > Double(limit) ? Float(Double(limit) / norm) : 1
    }

    public func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        let (count, factor) = (gradient.count, factor)
        requireEqual(count, target.count)
        for index in 0..<count { output.put(factor * gradient[index], into: &target[index]) }
    }

    /// Shortens the gradient on which the step began where it stands.
    func apply(to gradient: inout MutableSpan<Float>) {
        guard factor < 1 else { return }
        let factor = factor
        for index in gradient.indices { gradient[index] *= factor }
    }
}
