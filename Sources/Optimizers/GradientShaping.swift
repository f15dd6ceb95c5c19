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

    /// Whether weight decay also acts on biases and on the scales and shifts of norms.
    public var decaysNormsAndBiases: Bool

    public init(clipNorm: Float? = nil, weightDecay: Float = 0, decaysNormsAndBiases: Bool = true) {
        precondition(clipNorm ?? 1 > 0, "a gradient cannot be clipped to the length \(clipNorm ?? 0)")
        self.clipNorm = clipNorm
        self.weightDecay = weightDecay
        self.decaysNormsAndBiases = decaysNormsAndBiases
    }

    /// Whether `apply` reads the parameters.
    public var needsParameters: Bool { weightDecay > 0 }

    /// Shapes a gradient that was taken at `parameters`, which may be empty where they are not needed. Weight decay
    /// acts on the numbers of `ranges` only, or on all where none are given.
    ///
    /// A gradient that holds a number which is not finite stays as it is, for the run to find.
    public func apply(
        to gradient: inout MutableSpan<Float>, at parameters: Span<Float>, decaying ranges: [Range<Int>]? = nil
    ) {
        let factor = clipNorm.map { Self.factor(of: gradient.span, limit: $0) } ?? 1
        if factor < 1 {
            for index in gradient.indices { gradient[index] *= factor }
        }
        guard weightDecay > 0 else { return }
        for range in ranges ?? [0..<gradient.count] {
            addWeightDecay(gradient: &gradient, parameters: parameters, coefficient: weightDecay, in: range)
        }
    }

    private static func factor(of gradient: Span<Float>, limit: Float) -> Float {
        let norm = squaredNorm(gradient).squareRoot()
        guard norm.isFinite, norm > Double(limit) else { return 1 }
        return Float(Double(limit) / norm)
    }
}
