internal import CKernels
internal import Configuration
internal import Vectors

/// RMSprop (T. Tieleman, G. Hinton, Lecture 6.5 of Neural networks for machine learning, 2012), in PyTorch's
/// convention: each number of the gradient is divided by the root of its running mean square.
///
///     s <- alpha * s + (1 - alpha) * g^2
///     m <- m + (1 - alpha) * (g - m)            centered
///     g <- g / (sqrt(s) + epsilon)
///     g <- g / (sqrt(s - m^2) + epsilon)        centered
///
/// Centered the divisor is the running standard deviation (A. Graves, arXiv:1308.0850, 2013).
public struct RMSProp: GradientTransform {
    private let alpha: Double
    private let epsilon: Float
    private var squares: [Float]
    /// The running means where the rule is centered; else empty.
    private var means: [Float]

    /// The rule for vectors of `count` numbers.
    public init(count: Int, alpha: Double = 0.99, epsilon: Double = 1e-8, isCentered: Bool = false) {
        self.alpha = alpha
        self.epsilon = Float(epsilon)
        squares = [Float](repeating: 0, count: count)
        means = isCentered ? squares : []
    }

    public static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] {
        [("squares", \.squares), ("means", \.means)]
    }

    public mutating func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        guard means.isEmpty else { return applyCentered(gradient, in: range, into: &target, output) }
        let (kept, added, epsilon) = (Float(alpha), Float(1 - alpha), epsilon)
        var whole = squares.mutableSpan
        whole.withPart(range) { squares in
            let count = gradient.count
            requireEqual(count, squares.count)
            requireEqual(count, target.count)
            for index in 0..<count {
                let slope = gradient[index]
                let square = kept * squares[index] + added * (slope * slope)
                squares[index] = square
                output.put(slope / (kernel_square_root(square) + epsilon), into: &target[index])
            }
        }
    }
}

extension RMSProp {
    private mutating func applyCentered(
        _ gradient: Span<Float>, in range: Range<Int>, into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        let epsilon = epsilon
        // The same share survives of both.
        let moments = Moments(beta1: alpha, beta2: alpha)
        withParts(&means, &squares, in: range) { means, squares in
            let count = gradient.count
            requireEqual(count, means.count)
            requireEqual(count, squares.count)
            requireEqual(count, target.count)
            for index in 0..<count {
                let slope = gradient[index]
                moments.take(slope, &means[index], &squares[index])
                let variance = squares[index] - means[index] * means[index]
                // By rounding it may fall below zero.
                let deviation = kernel_square_root(variance > 0 ? variance : 0)
                output.put(slope / (deviation + epsilon), into: &target[index])
            }
        }
    }
}

extension OptimizerDefinition {
    private static let alpha = Option.number(
        "alpha", default: 0.99, in: 0...0.999999, "Share of the running mean square that survives a step")
    private static let epsilon = MomentOptions.epsilon(default: 1e-8)
    private static let isCentered = Option.boolean(
        "centered", default: false,
        "Whether the divisor is the running standard deviation in place of the root mean square")
    private static let velocityKept = Option.number(
        "momentum", default: 0, in: 0...1, "Share of the velocity behind the division that survives a step; 0 for none")

    static let rmsprop = OptimizerDefinition(
        "rmsprop", "RMSprop: steps by the root of each number's running mean square (PyTorch's convention)",
        learningRate: 0.01,
        options: [alpha.description, epsilon.description, isCentered.description, velocityKept.description]
    ) { (options, layout) throws(ConfigurationError) in
        let rule = RMSProp(
            count: layout.count, alpha: try options.value(alpha), epsilon: try options.value(epsilon),
            isCentered: try options.value(isCentered))
        let momentum = Float(try options.value(velocityKept))
        return momentum == 0 ? [rule] : [rule, Momentum(count: layout.count, momentum: momentum)]
    }
}
