internal import Configuration
internal import Vectors

/// AdaGrad (J. Duchi, E. Hazan, Y. Singer, JMLR 12, 2011), in PyTorch's convention: each number of the gradient is
/// divided by the length of its own history.
///
///     s <- s + g^2
///     g <- g / (sqrt(s) + epsilon)
public struct AdaGrad: GradientTransform {
    private let epsilon: Float
    private var squares: [Float]

    /// The rule for vectors of `count` numbers.
    public init(count: Int, epsilon: Double = 1e-10) {
        self.epsilon = Float(epsilon)
        squares = [Float](repeating: 0, count: count)
    }

    public static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] { [("squares", \.squares)] }

    public mutating func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        let epsilon = epsilon
        var whole = squares.mutableSpan
        whole.withPart(range) { squares in
            let count = gradient.count
            requireEqual(count, squares.count)
            requireEqual(count, target.count)
            for index in 0..<count {
                let slope = gradient[index]
                let sum = squares[index] + slope * slope
                squares[index] = sum
                output.put(slope / (sum.squareRoot() + epsilon), into: &target[index])
            }
        }
    }
}

extension OptimizerDefinition {
    private static let epsilon = MomentOptions.epsilon(default: 1e-10)

    static let adagrad = OptimizerDefinition(
        "adagrad", "AdaGrad: steps shrink with the length of each number's history (PyTorch's convention)",
        learningRate: 0.01, options: [epsilon.description]
    ) { (options, layout) throws(ConfigurationError) in
        [AdaGrad(count: layout.count, epsilon: try options.value(epsilon))]
    }
}
