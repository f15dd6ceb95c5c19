internal import CKernels
internal import Configuration
internal import Vectors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Adam (D. Kingma, J. Ba, ICLR 2015), AMSGrad (S. Reddi, S. Kale, S. Kumar, On the convergence of Adam and beyond,
/// ICLR 2018) and NAdam (T. Dozat, ICLR workshop, 2016), in PyTorch's convention, t being the steps so far, this one
/// included:
///
///     m <- m + (1 - beta1) * (g - m)
///     v <- beta2 * v + (1 - beta2) * g^2
///     d =  sqrt(v) / sqrt(1 - beta2^t) + epsilon
///     g <- m / (1 - beta1^t) / d                                                      Adam
///     g <- ((1 - mu_t) / (1 - P_t) * g + mu_t+1 / (1 - P_t * mu_t+1) * m) / d         NAdam
///
/// with `mu_t = beta1 * (1 - 0.96^(t * momentumDecay) / 2)` and `P_t` the product of all mu up to `mu_t`. AMSGrad is
/// Adam with the largest v so far in place of the last.
public struct Adam: GradientTransform {
    private let beta1: Double
    private let beta2: Double
    private let epsilon: Float
    /// NAdam's; nil for Adam.
    private let momentumDecay: Double?
    private var means: [Float]
    private var squares: [Float]
    /// AMSGrad's largest squares so far; empty for the others.
    private var maxima: [Float]
    private var steps: UInt64 = 0
    /// The bits of NAdam's product of all mu so far; no step has been made where they are zero.
    private var product: UInt64 = 0
    private var weights = Weights()

    /// What the parts of a step are multiplied by.
    private struct Weights {
        var ofGradient: Float = 0
        var ofMean: Float = 0
        var ofRoot: Float = 0
    }

    /// The rule for vectors of `count` numbers; with a decay of the momentum it is NAdam, which has no AMSGrad.
    public init(
        count: Int, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, momentumDecay: Double? = nil,
        isAMSGrad: Bool = false
    ) {
        precondition(momentumDecay == nil || !isAMSGrad, "there is no AMSGrad of NAdam")
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = Float(epsilon)
        self.momentumDecay = momentumDecay
        means = [Float](repeating: 0, count: count)
        squares = means
        maxima = isAMSGrad ? means : []
    }

    public static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] {
        [("means", \.means), ("squares", \.squares), ("maxima", \.maxima)]
    }
    public static var words: [(name: String, path: WritableKeyPath<Self, UInt64>)] {
        [("steps", \.steps), ("momentum_product", \.product)]
    }

    public mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext) {
        steps += 1
        let time = Double(steps)
        weights.ofRoot = Float(1 / (1 - pow(beta2, time)).squareRoot())
        guard let momentumDecay else {
            weights.ofMean = Float(1 / (1 - pow(beta1, time)))
            return
        }
        let now = beta1 * (1 - 0.5 * pow(0.96, time * momentumDecay))
        let next = beta1 * (1 - 0.5 * pow(0.96, (time + 1) * momentumDecay))
        let all = (steps == 1 ? 1 : Double(bitPattern: product)) * now
        product = all.bitPattern
        weights.ofGradient = Float((1 - now) / (1 - all))
        weights.ofMean = Float(next / (1 - all * next))
    }

    public mutating func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        guard maxima.isEmpty else { return applyAMSGrad(gradient, in: range, into: &target, output) }
        let (weights, epsilon, looksAhead) = (weights, epsilon, momentumDecay != nil)
        let moments = Moments(beta1: beta1, beta2: beta2)
        withParts(&means, &squares, in: range) { means, squares in
            let count = gradient.count
            requireEqual(count, means.count)
            requireEqual(count, squares.count)
            requireEqual(count, target.count)
            for index in 0..<count {
                let slope = gradient[index]
                moments.take(slope, &means[index], &squares[index])
                let root = kernel_square_root(squares[index]) * weights.ofRoot + epsilon
                let ahead = looksAhead ? weights.ofGradient * slope : 0
                output.put((ahead + weights.ofMean * means[index]) / root, into: &target[index])
            }
        }
    }
}

extension Adam {
    private mutating func applyAMSGrad(
        _ gradient: Span<Float>, in range: Range<Int>, into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        let (weights, epsilon) = (weights, epsilon)
        let moments = Moments(beta1: beta1, beta2: beta2)
        withParts(&means, &squares, &maxima, in: range) { means, squares, maxima in
            let count = gradient.count
            requireEqual(count, means.count)
            requireEqual(count, squares.count)
            requireEqual(count, maxima.count)
            requireEqual(count, target.count)
            for index in 0..<count {
                moments.take(gradient[index], &means[index], &squares[index])
                let (old, new) = (maxima[index], squares[index])
                let largest = old > new ? old : new
                maxima[index] = largest
                let root = kernel_square_root(largest) * weights.ofRoot + epsilon
                output.put(weights.ofMean * means[index] / root, into: &target[index])
            }
        }
    }
}

extension OptimizerDefinition {
    private static let epsilon = MomentOptions.epsilon(default: 1e-8)
    private static let momentumDecay = Option.number(
        "momentum_decay", default: 0.004, in: 0...1, "How fast the momentum rises to beta1: by 0.96 ^ (this x steps)")
    private static let isAMSGrad = Option.boolean(
        "amsgrad", default: false,
        "Whether the divisor is by the largest mean square so far, so that it never shrinks (Reddi et al., 2018)")
    private static let decay = Optimizers.ownDecay(
        default: 0.01,
        "Decoupled weight decay: the parameters lose this times the learning rate of themselves in a step")
    private static let moments = [
        MomentOptions.beta1.description, MomentOptions.beta2.description, epsilon.description,
    ]

    private static func rule(
        _ options: Options, _ count: Int, momentumDecay: Double? = nil, isAMSGrad: Bool = false
    ) throws(ConfigurationError) -> Adam {
        Adam(
            count: count, beta1: try options.value(MomentOptions.beta1), beta2: try options.value(MomentOptions.beta2),
            epsilon: try options.value(epsilon), momentumDecay: momentumDecay, isAMSGrad: isAMSGrad)
    }

    static let adam = OptimizerDefinition(
        "adam", "Adam: steps by running mean and root mean square, both bias-corrected (PyTorch's convention)",
        learningRate: 0.001, options: moments + [isAMSGrad.description]
    ) { (options, layout) throws(ConfigurationError) in
        [try rule(options, layout.count, isAMSGrad: try options.value(isAMSGrad))]
    }

    /// AdamW (I. Loshchilov, F. Hutter, Decoupled weight decay regularization, ICLR 2019).
    static let adamw = OptimizerDefinition(
        "adamw", "Adam with weight decay beside the gradient (PyTorch's convention)",
        learningRate: 0.001, ownDecay: decay, options: moments + [isAMSGrad.description]
    ) { (options, layout) throws(ConfigurationError) in
        let ranges = try options.value(Optimizers.decaysAll) ? nil : layout.entries.filter(\.isWeight).map(\.range)
        return [
            try rule(options, layout.count, isAMSGrad: try options.value(isAMSGrad)),
            WeightDecay(try Optimizers.finite(decay, options), in: ranges),
        ]
    }

    static let nadam = OptimizerDefinition(
        "nadam", "Adam with Nesterov's look ahead (PyTorch's convention)",
        learningRate: 0.002, options: moments + [momentumDecay.description]
    ) { (options, layout) throws(ConfigurationError) in
        [try rule(options, layout.count, momentumDecay: try options.value(momentumDecay))]
    }
}
