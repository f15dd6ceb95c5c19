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

/// LAMB (Y. You and others, Large batch optimization for deep learning, ICLR 2020). For each tensor x, with Adam's
/// running moments m and v of its gradient, bias-corrected:
///
///     r =  m / (sqrt(v) + epsilon) + decay * x
///     g <- |x| / |r| * r
///
/// and `g <- r` where either norm is zero and for tensors that are not adapted.
///
/// The norms of r take a pass of their own: moments move on when a step begins. It takes in the gradient that the chain
/// gets, so it is the first link.
public struct LAMB: GradientTransform {
    private let beta1: Double
    private let beta2: Double
    private let epsilon: Float
    private var means: [Float]
    private var squares: [Float]
    private var steps: UInt64 = 0
    private var tensors: TensorParts
    private var ofMean: Float = 0
    private var ofRoot: Float = 0

    init(count: Int, _ tensors: TensorParts, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6) {
        self.tensors = tensors
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = Float(epsilon)
        means = [Float](repeating: 0, count: count)
        squares = means
    }

    public static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] {
        [("means", \.means), ("squares", \.squares)]
    }
    public static var words: [(name: String, path: WritableKeyPath<Self, UInt64>)] { [("steps", \.steps)] }
    public static var readsParameters: Bool { true }
    public static var measuresTensors: Bool { true }

    public mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext) {
        steps += 1
        ofMean = Float(1 / (1 - pow(beta1, Double(steps))))
        ofRoot = Float(1 / (1 - pow(beta2, Double(steps))).squareRoot())
        takeIn(gradient)
        tensors = measured(at: parameters)
    }

    /// The tensors with the factors of this step.
    private func measured(at parameters: Span<Float>) -> TensorParts {
        let direction = direction
        let means = means.span
        let squares = squares.span
        var tensors = tensors
        tensors.measure { tensor in
            let length = squaredNorm(parameters.extracting(tensor.range)).squareRoot()
            let step = direction.norm(
                means.extracting(tensor.range), squares.extracting(tensor.range),
                parameters.extracting(tensor.range), decay: tensor.decay)
            return length > 0 && step > 0 ? length / step : 1
        }
        return tensors
    }

    public func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        precondition(output == .next, "the rule reads the parameters and so does not write them")
        let direction = direction
        let means = means.span.extracting(range)
        let squares = squares.span.extracting(range)
        tensors.forEach(in: range) { tensor, own in
            target.withPart(own) {
                direction.write(
                    means.extracting(own), squares.extracting(own), parameters.extracting(own), tensor, into: &$0)
            }
        }
    }

    private mutating func takeIn(_ gradient: Span<Float>) {
        let moments = Moments(beta1: beta1, beta2: beta2)
        let count = gradient.count
        withParts(&means, &squares, in: 0..<count) { means, squares in
            requireEqual(count, means.count)
            requireEqual(count, squares.count)
            for index in 0..<count { moments.take(gradient[index], &means[index], &squares[index]) }
        }
    }

    private var direction: Direction { Direction(ofMean: ofMean, ofRoot: ofRoot, epsilon: epsilon) }

    /// What the moments make of a step, before it is stretched.
    private struct Direction {
        let ofMean: Float
        let ofRoot: Float
        let epsilon: Float

        @inline(__always)
        private func number(_ mean: Float, _ square: Float) -> Float {
            ofMean * mean / (kernel_square_root(square) * ofRoot + epsilon)
        }

        func norm(_ means: Span<Float>, _ squares: Span<Float>, _ parameters: Span<Float>, decay: Float) -> Double {
            let count = means.count
            requireEqual(count, squares.count)
            requireEqual(count, parameters.count)
            var sum = 0.0
            for index in 0..<count {
                let step = Double(number(means[index], squares[index]) + decay * parameters[index])
                sum += step * step
            }
            return sum.squareRoot()
        }

        func write(
            _ means: Span<Float>, _ squares: Span<Float>, _ parameters: Span<Float>, _ tensor: TensorParts.Part,
            into target: inout MutableSpan<Float>
        ) {
            let (count, factor, decay) = (means.count, tensor.factor, tensor.decay)
            requireEqual(count, squares.count)
            requireEqual(count, parameters.count)
            requireEqual(count, target.count)
            for index in 0..<count {
                target[index] = factor * (number(means[index], squares[index]) + decay * parameters[index])
            }
        }
    }
}

extension OptimizerDefinition {
    private static let epsilon = MomentOptions.epsilon(default: 1e-6)
    private static let decay = Optimizers.ownDecay(
        default: 0.01, "Weight decay beside the gradient, which also counts in the length of a tensor's step")
    private static let adaptsAll = TensorParts.adaptsAll(default: true)

    static let lamb = OptimizerDefinition(
        "lamb", "Adam, each tensor's step brought to the tensor's length (You et al., 2020)",
        learningRate: 0.001, ownDecay: decay,
        options: [
            MomentOptions.beta1.description, MomentOptions.beta2.description, epsilon.description,
            adaptsAll.description,
        ]
    ) { (options, layout) throws(ConfigurationError) in
        let tensors = TensorParts(
            layout, adaptsAll: try options.value(adaptsAll), decay: try Optimizers.finite(decay, options),
            decaysAll: try options.value(Optimizers.decaysAll))
        return [
            LAMB(
                count: layout.count, tensors, beta1: try options.value(MomentOptions.beta1),
                beta2: try options.value(MomentOptions.beta2), epsilon: try options.value(epsilon))
        ]
    }
}
