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

/// The slow change from RMSprop to gradient descent of T. Akiba, S. Suzuki, K. Fukuda, Extremely large minibatch SGD,
/// arXiv:1711.04325, 2017, with momentum behind it; e is the epoch, fractions included:
///
///     s <- mu2 * s + (1 - mu2) * g^2
///     g <- (a + (1 - a) * rmsRate / learningRate / (sqrt(s) + epsilon)) * g
///     a =  exp(2 * (e - center) / period) / 2          before the center
///     a =  1 / 2 + slope * (e - center) / period       until the end of the change
///     a =  1                                           from there on
///
/// The published slope is 2 up to half a period behind the center: `a` overshoots to 1.5 and falls to 1. With a slope
/// of 1 `a` is continuous and so is its derivative, and it never overshoots.
public struct RMSPropWarmUp: GradientTransform {
    /// When the change takes place and how.
    public struct Change: Sendable, Hashable {
        /// The epoch at which the step is half of either kind.
        public let center: Double
        /// How long the change takes, in epochs.
        public let period: Double
        /// Whether the slope behind the center is the published one.
        public let isPublished: Bool

        /// A change around this epoch.
        public init(center: Double = 10, period: Double = 5, isPublished: Bool = false) {
            self.center = center
            self.period = period
            self.isPublished = isPublished
        }

        /// The share of gradient descent at an epoch.
        func share(at epoch: Double) -> Double {
            let time = (epoch - center) / period
            if time < 0 { return exp(2 * time) / 2 }
            return time < 0.5 ? 0.5 + (isPublished ? 2 : 1) * time : 1
        }
    }

    private let change: Change
    private let mu2: Double
    private let epsilon: Float
    private let rate: Double
    private var squares: [Float]
    private var ofDescent: Float = 0
    private var ofRMSProp: Float = 0

    /// The rule for vectors of `count` numbers; `rate` is the learning rate of RMSprop, which no schedule changes.
    public init(
        count: Int, _ change: Change = Change(), mu2: Double = 0.99, epsilon: Double = 1e-8, rate: Double = 3e-4
    ) {
        self.change = change
        self.mu2 = mu2
        self.epsilon = Float(epsilon)
        self.rate = rate
        squares = [Float](repeating: 0, count: count)
    }

    public static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] { [("squares", \.squares)] }

    public mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext) {
        let share = change.share(at: context.epoch)
        ofDescent = Float(share)
        // A learning rate of zero takes no step at all.
        ofRMSProp = context.learningRate == 0 ? 0 : Float((1 - share) * rate / Double(context.learningRate))
    }

    public mutating func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        let (kept, added, epsilon) = (Float(mu2), Float(1 - mu2), epsilon)
        let (ofDescent, ofRMSProp) = (ofDescent, ofRMSProp)
        var whole = squares.mutableSpan
        whole.withPart(range) { squares in
            let count = gradient.count
            requireEqual(count, squares.count)
            requireEqual(count, target.count)
            for index in 0..<count {
                let slope = gradient[index]
                let square = kept * squares[index] + added * (slope * slope)
                squares[index] = square
                let root = kernel_square_root(square) + epsilon
                output.put((ofDescent + ofRMSProp / root) * slope, into: &target[index])
            }
        }
    }
}

extension OptimizerDefinition {
    private static let center = Option.number(
        "center_epochs", default: 10, in: 0...1e6, "The epoch at which a step is half RMSprop, half gradient descent")
    private static let period = Option.number(
        "period_epochs", default: 5, in: 1e-3...1e6, "How long the change from RMSprop to gradient descent takes")
    private static let isPublished = Option.boolean(
        "published_slope", default: false,
        "Whether the share of gradient descent rises at the published slope, to 1.5, before it is 1")
    private static let rate = Option.number(
        "rms_learning_rate", default: 3e-4, in: 0...1e6, "The learning rate of RMSprop, which no schedule changes")
    private static let mu2 = Option.number(
        "alpha", default: 0.99, in: 0...0.999999, "Share of the running mean square that survives a step")
    private static let epsilon = MomentOptions.epsilon(default: 1e-8)
    private static let velocityKept = Option.number(
        "momentum", default: 0.9, in: 0...1, "Share of the velocity that survives a step")

    static let rmspropWarmUp = OptimizerDefinition(
        "rmsprop-warmup", "From RMSprop slowly to momentum, for large batches (Akiba et al., 2017)",
        options: [
            velocityKept.description, center.description, period.description, isPublished.description, rate.description,
            mu2.description, epsilon.description,
        ]
    ) { (options, layout) throws(ConfigurationError) in
        let change = RMSPropWarmUp.Change(
            center: try options.value(center), period: try options.value(period),
            isPublished: try options.value(isPublished))
        return [
            RMSPropWarmUp(
                count: layout.count, change, mu2: try options.value(mu2), epsilon: try options.value(epsilon),
                rate: try options.value(rate)),
            Momentum(count: layout.count, momentum: Float(try options.value(velocityKept))),
        ]
    }
}
