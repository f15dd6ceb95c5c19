import Vectors

/// What is done to the gradient of a loss before anyone uses it, at the point where it was taken: first its length is
/// limited, then weight decay is added to it.
///
/// This is what `torch.nn.utils.clip_grad_norm_` before a step of PyTorch's SGD does: weight decay is not clipped.
public struct GradientShaping: Sendable, Hashable {
    /// The largest Euclidean norm that the whole gradient may have; nil for no limit.
    public var clipNorm: Float?
    /// Coefficient of the L2 penalty.
    public var weightDecay: Float

    public init(clipNorm: Float? = nil, weightDecay: Float = 0) {
        precondition(clipNorm ?? 1 > 0, "a gradient cannot be clipped to the length \(clipNorm ?? 0)")
        self.clipNorm = clipNorm
        self.weightDecay = weightDecay
    }

    /// Whether `apply` reads the parameters.
    public var needsParameters: Bool { weightDecay > 0 }

    /// Shapes a gradient that was taken at `parameters`, which may be empty where they are not needed.
    ///
    /// One pass that reads for the norm, one that writes; none of what is not asked for. A gradient that holds a number
    /// which is not finite stays as it is, for the run to find.
    public func apply(to gradient: inout MutableSpan<Float>, at parameters: Span<Float>) {
        let factor = clipNorm.map { Self.factor(of: gradient.span, limit: $0) } ?? 1
        if factor < 1 {
            scale(&gradient, by: factor, adding: parameters, times: weightDecay)
        } else if weightDecay > 0 {
            addWeightDecay(gradient: &gradient, parameters: parameters, coefficient: weightDecay)
        }
    }

    private static func factor(of gradient: Span<Float>, limit: Float) -> Float {
        let norm = squaredNorm(gradient).squareRoot()
        guard norm.isFinite, norm > Double(limit) else { return 1 }
        return Float(Double(limit) / norm)
    }

    /// `g <- factor g + coefficient x`
    private func scale(
        _ gradient: inout MutableSpan<Float>, by factor: Float, adding parameters: Span<Float>, times coefficient: Float
    ) {
        let count = gradient.count
        guard coefficient > 0 else {
            for index in 0..<count { gradient[index] *= factor }
            return
        }
        precondition(count == parameters.count, "a gradient of \(count) numbers at \(parameters.count) parameters")
        for index in 0..<count { gradient[index] = factor * gradient[index] + coefficient * parameters[index] }
    }
}
