import Vectors

/// Gradient descent with momentum, heavy-ball (Polyak, 1964) or Nesterov's (Sutskever et al., 2013), in PyTorch's
/// convention:
///
///     v <- mu * v + g                       (so v = g at the first step: no dampening)
///     x <- x - learningRate * v             heavy ball
///     x <- x - learningRate * (g + mu * v)  Nesterov
///
/// The learning rate scales the velocity when it is used, not when it is gathered: a change of rate acts at once.
public struct Momentum: Optimizer, ~Copyable {
    public let count: Int
    public var learningRate: Float
    /// The share of the velocity that survives a step (mu).
    public let momentum: Float
    public let isNesterov: Bool
    public var hasMomentum: Bool { momentum != 0 }
    private var velocity: FlatVector

    public init(count: Int, learningRate: Float, momentum: Float, isNesterov: Bool = false) {
        self.count = count
        self.learningRate = learningRate
        self.momentum = momentum
        self.isNesterov = isNesterov
        velocity = FlatVector(count: count)
    }

    public mutating func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        let (momentum, rate, isNesterov) = (momentum, learningRate, isNesterov)
        velocity.write { velocity in
            if isNesterov {
                stepNesterov(&model, &velocity, gradient, momentum: momentum, rate: rate)
            } else {
                stepHeavyBall(&model, &velocity, gradient, momentum: momentum, rate: rate)
            }
        }
    }

    public mutating func direction(
        at model: Span<Float>, along gradient: Span<Float>, into direction: inout MutableSpan<Float>
    ) {
        let (momentum, rate, isNesterov) = (momentum, learningRate, isNesterov)
        velocity.write { velocity in
            if isNesterov {
                directNesterov(&direction, &velocity, gradient, momentum: momentum, rate: rate)
            } else {
                directHeavyBall(&direction, &velocity, gradient, momentum: momentum, rate: rate)
            }
        }
    }

    public mutating func reset() {
        velocity.write { velocity in
            for index in 0..<velocity.count { velocity[index] = 0 }
        }
    }

    public func readState(_ body: (String, Span<Float>) throws -> Void) rethrows {
        try velocity.read { try body("momentum", $0) }
    }

    public mutating func writeState(_ body: (String, inout MutableSpan<Float>) throws -> Void) rethrows {
        try velocity.write { try body("momentum", &$0) }
    }
}
