internal import CKernels
internal import Configuration
internal import Vectors

/// AdaGrad (J. Duchi, E. Hazan, Y. Singer, JMLR 12, 2011), in PyTorch's convention: each number of the gradient is
/// divided by the length of its own history; t counts the steps before this one.
///
///     s <- s + g^2
///     g <- g / (sqrt(s) + epsilon) / (1 + decay * t)
public struct AdaGrad: GradientTransform {
    private let epsilon: Float
    private let decay: Double
    private var squares: [Float]
    private var steps: UInt64 = 0
    private var share: Float = 1

    /// The rule for vectors of `count` numbers.
    public init(count: Int, epsilon: Double = 1e-10, decay: Double = 0) {
        self.decay = decay
        self.epsilon = Float(epsilon)
        squares = [Float](repeating: 0, count: count)
    }

    public static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] { [("squares", \.squares)] }
    public static var words: [(name: String, path: WritableKeyPath<Self, UInt64>)] { [("steps", \.steps)] }

    public mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext) {
        share = Float(1 / (1 + decay * Double(steps)))
        steps += 1
    }

    public mutating func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        let (epsilon, share) = (epsilon, share)
        var whole = squares.mutableSpan
        whole.withPart(range) { squares in
            let count = gradient.count
            requireEqual(count, squares.count)
            requireEqual(count, target.count)
            for index in 0..<count {
                let slope = gradient[index]
                let sum = squares[index] + slope * slope
                squares[index] = sum
                output.put(share * slope / (kernel_square_root(sum) + epsilon), into: &target[index])
            }
        }
    }
}

extension OptimizerDefinition {
    private static let epsilon = MomentOptions.epsilon(default: 1e-10)
    private static let decay = Option.number(
        "learning_rate_decay", default: 0, in: 0...1e6,
        "How fast the learning rate falls besides: by 1 / (1 + this x steps), PyTorch's lr_decay")

    static let adagrad = OptimizerDefinition(
        "adagrad", "AdaGrad: steps shrink with the length of each number's history (PyTorch's convention)",
        learningRate: 0.01, options: [epsilon.description, decay.description]
    ) { (options, layout) throws(ConfigurationError) in
        [AdaGrad(count: layout.count, epsilon: try options.value(epsilon), decay: try options.value(decay))]
    }
}
