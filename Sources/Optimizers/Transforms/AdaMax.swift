internal import Configuration
internal import Vectors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// AdaMax (D. Kingma, J. Ba, Adam, ICLR 2015, section 7.1), in PyTorch's convention:
///
///     m <- m + (1 - beta1) * (g - m)
///     u <- max(beta2 * u, |g| + epsilon)
///     g <- m / (1 - beta1^t) / u
public struct AdaMax: GradientTransform {
    private let beta1: Double
    private let beta2: Float
    private let epsilon: Float
    private var means: [Float]
    private var maxima: [Float]
    private var steps: UInt64 = 0
    private var correction: Float = 1

    /// The rule for vectors of `count` numbers.
    public init(count: Int, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
        self.beta1 = beta1
        self.beta2 = Float(beta2)
        self.epsilon = Float(epsilon)
        means = [Float](repeating: 0, count: count)
        maxima = means
    }

    public static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] {
        [("means", \.means), ("maxima", \.maxima)]
    }
    public static var words: [(name: String, path: WritableKeyPath<Self, UInt64>)] { [("steps", \.steps)] }

    public mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext) {
        steps += 1
        correction = Float(1 / (1 - pow(beta1, Double(steps))))
    }

    public mutating func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        let (taken, beta2, epsilon, correction) = (Float(1 - beta1), beta2, epsilon, correction)
        withParts(&means, &maxima, in: range) { means, maxima in
            let count = gradient.count
            requireEqual(count, means.count)
            requireEqual(count, maxima.count)
            requireEqual(count, target.count)
            for index in 0..<count {
                let slope = gradient[index]
                let mean = means[index] + taken * (slope - means[index])
                // In this order a gradient that is no number stays one, for the run to find.
                let (old, new) = (beta2 * maxima[index], abs(slope) + epsilon)
                let largest = old > new ? old : new
                means[index] = mean
                maxima[index] = largest
                output.put(correction * mean / largest, into: &target[index])
            }
        }
    }
}

extension OptimizerDefinition {
    private static let epsilon = MomentOptions.epsilon(default: 1e-8)

    static let adamax = OptimizerDefinition(
        "adamax", "AdaMax: Adam with the largest gradient in place of the root mean square (PyTorch's convention)",
        learningRate: 0.002,
        options: [MomentOptions.beta1.description, MomentOptions.beta2.description, epsilon.description]
    ) { (options, layout) throws(ConfigurationError) in
        [
            AdaMax(
                count: layout.count, beta1: try options.value(MomentOptions.beta1),
                beta2: try options.value(MomentOptions.beta2), epsilon: try options.value(epsilon))
        ]
    }
}
