internal import Configuration
internal import Vectors

/// Momentum, heavy-ball (Polyak, 1964) or Nesterov's (Sutskever et al., 2013), in PyTorch's convention:
///
///     v <- mu * v + g    (so v = g at the first step: no dampening)
///     g <- v             heavy ball
///     g <- g + mu * v    Nesterov
///
/// The learning rate scales the velocity when it is used, not when it is gathered: a change of rate acts at once.
public struct Momentum: GradientTransform {
    /// The share of the velocity that survives a step (mu).
    public let momentum: Float
    /// Whether the step looks ahead along the velocity.
    public let isNesterov: Bool
    private var velocity: [Float]

    /// Momentum on vectors of `count` numbers.
    public init(count: Int, momentum: Float, isNesterov: Bool = false) {
        self.momentum = momentum
        self.isNesterov = isNesterov
        velocity = [Float](repeating: 0, count: count)
    }

    public static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] { [("momentum", \.velocity)] }

    public var remembersGradients: Bool { momentum != 0 }

    public mutating func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        let (momentum, isNesterov) = (momentum, isNesterov)
        var whole = velocity.mutableSpan
        whole.withPart(range) { velocity in
            if isNesterov {
                stepNesterov(gradient, &velocity, momentum, into: &target, output)
            } else {
                stepHeavyBall(gradient, &velocity, momentum, into: &target, output)
            }
        }
    }
}

private func stepHeavyBall(
    _ gradient: Span<Float>, _ velocity: inout MutableSpan<Float>, _ momentum: Float,
    into target: inout MutableSpan<Float>, _ output: StepOutput
) {
    let count = gradient.count
    requireEqual(count, velocity.count)
    requireEqual(count, target.count)
    for index in 0..<count {
        let next = momentum * velocity[index] + gradient[index]
        velocity[index] = next
        output.put(next, into: &target[index])
    }
}

private func stepNesterov(
    _ gradient: Span<Float>, _ velocity: inout MutableSpan<Float>, _ momentum: Float,
    into target: inout MutableSpan<Float>, _ output: StepOutput
) {
    let count = gradient.count
    requireEqual(count, velocity.count)
    requireEqual(count, target.count)
    for index in 0..<count {
        let slope = gradient[index]
        let next = momentum * velocity[index] + slope
        velocity[index] = next
        output.put(slope + momentum * next, into: &target[index])
    }
}

extension OptimizerDefinition {
    private static let option = Option.number(
        "momentum", default: 0.9, in: 0...1, "Share of the velocity that survives a step (mu)")

    static let momentum = OptimizerDefinition(
        "momentum", "Gradient descent with heavy-ball momentum (PyTorch's convention)", options: [option.description]
    ) { (options, layout) throws(ConfigurationError) in
        [Momentum(count: layout.count, momentum: Float(try options.value(option)))]
    }

    static let nesterov = OptimizerDefinition(
        "nesterov", "Gradient descent with Nesterov's momentum (PyTorch's convention)", options: [option.description]
    ) { (options, layout) throws(ConfigurationError) in
        [Momentum(count: layout.count, momentum: Float(try options.value(option)), isNesterov: true)]
    }
}
