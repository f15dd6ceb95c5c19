internal import Configuration
internal import Vectors

/// Layer-wise adaptive rate scaling (Y. You, I. Gitman, B. Ginsburg, Large batch training of convolutional networks,
/// arXiv:1708.03888, 2017), with momentum behind it. For each tensor x of the model and its gradient g:
///
///     g <- trust * |x| / (|g| + decay * |x| + epsilon) * (g + decay * x)
///
/// and `g <- g + decay * x` where either norm is zero and for tensors that are not adapted. The paper's velocity holds
/// the learning rate of the step that it was gathered in; here the rate scales the velocity when it is used, which is
/// the same with a constant rate, and with another one it is the paper's with momentum correction (Goyal et al., 2017).
///
/// It measures the gradient that the chain gets, so it is the first link.
public struct LARS: GradientTransform {
    private let trust: Double
    private let epsilon: Double
    private var tensors: TensorParts

    init(_ tensors: TensorParts, trust: Double, epsilon: Double) {
        self.tensors = tensors
        self.trust = trust
        self.epsilon = epsilon
    }

    public static var readsParameters: Bool { true }
    public static var measuresTensors: Bool { true }

    public mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext) {
        let (trust, epsilon) = (trust, epsilon)
        tensors.measure { tensor in
            let slope = squaredNorm(gradient.extracting(tensor.range)).squareRoot()
            let length = squaredNorm(parameters.extracting(tensor.range)).squareRoot()
            guard slope > 0, length > 0 else { return 1 }
            return trust * length / (slope + Double(tensor.decay) * length + epsilon)
        }
    }

    public func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        precondition(output == .next, "the rule reads the parameters and so does not write them")
        tensors.forEach(in: range) { tensor, own in
            target.withPart(own) { stretch(gradient.extracting(own), parameters.extracting(own), tensor, into: &$0) }
        }
    }
}

private func stretch(
    _ gradient: Span<Float>, _ parameters: Span<Float>, _ tensor: TensorParts.Part,
    into target: inout MutableSpan<Float>
) {
    let (count, factor, decay) = (gradient.count, tensor.factor, tensor.decay)
    requireEqual(count, parameters.count)
    requireEqual(count, target.count)
    for index in 0..<count { target[index] = factor * (gradient[index] + decay * parameters[index]) }
}

extension OptimizerDefinition {
    private static let trust = Option.number(
        "trust", default: 0.001, in: 0...1e6,
        "Length of a tensor's step as a share of the tensor's own, before the rate")
    private static let epsilon = MomentOptions.epsilon(default: 1e-8)
    private static let velocityKept = Option.number(
        "momentum", default: 0.9, in: 0...1, "Share of the velocity that survives a step; 0 for none")
    private static let decay = Optimizers.ownDecay(
        default: 0, "L2 penalty, which also counts in the length of a tensor's gradient")
    private static let adaptsAll = TensorParts.adaptsAll(default: false)

    static let lars = OptimizerDefinition(
        "lars", "Momentum, each tensor's gradient first brought to a share of the tensor's length (You et al., 2017)",
        ownDecay: decay,
        options: [velocityKept.description, trust.description, epsilon.description, adaptsAll.description]
    ) { (options, layout) throws(ConfigurationError) in
        let tensors = TensorParts(
            layout, adaptsAll: try options.value(adaptsAll), decay: try Optimizers.finite(decay, options),
            decaysAll: try options.value(Optimizers.decaysAll))
        let rule = LARS(tensors, trust: try options.value(trust), epsilon: try options.value(epsilon))
        let momentum = Float(try options.value(velocityKept))
        return momentum == 0 ? [rule] : [rule, Momentum(count: layout.count, momentum: momentum)]
    }
}
