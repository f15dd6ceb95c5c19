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

    /// A shaping that by default leaves gradients as they are.
    public init(clipNorm: Float? = nil, weightDecay: Float = 0, decaysNormsAndBiases: Bool = true) {
        precondition(clipNorm ?? 1 > 0, "a gradient cannot be clipped to the length \(clipNorm ?? 0)")
        self.clipNorm = clipNorm
        self.weightDecay = weightDecay
        self.decaysNormsAndBiases = decaysNormsAndBiases
    }

    /// Shapes a gradient that was taken at `parameters`, which may be empty where there is no weight decay. Weight
    /// decay acts on the numbers of `ranges` only, or on all where none are given.
    ///
    /// A gradient that holds a number which is not finite stays as it is, for the run to find.
    public func apply(
        to gradient: inout MutableSpan<Float>, at parameters: Span<Float>, decaying ranges: [Range<Int>]? = nil
    ) {
        if let clipNorm {
            var clip = ClipNorm(clipNorm)
            clip.measure(gradient.span)
            clip.apply(to: &gradient)
        }
        if weightDecay > 0 {
            WeightDecay(weightDecay, in: ranges).add(to: &gradient, at: parameters, in: 0..<gradient.count)
        }
    }
}
