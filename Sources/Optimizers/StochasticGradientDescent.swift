/// Stochastic gradient descent (Robbins and Monro, 1951): `x <- x - learningRate * g`.
public struct StochasticGradientDescent: Optimizer, ~Copyable {
    public let count: Int
    public var learningRate: Float
    public var hasMomentum: Bool { false }

    public init(count: Int, learningRate: Float) {
        self.count = count
        self.learningRate = learningRate
    }

    public mutating func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        subtract(gradient, scaledBy: learningRate, from: &model)
    }

    public mutating func direction(
        at model: Span<Float>, along gradient: Span<Float>, into direction: inout MutableSpan<Float>
    ) {
        negate(gradient, scaledBy: learningRate, into: &direction)
    }

    public mutating func reset() {}

    public func readState(_ body: (String, Span<Float>) throws -> Void) rethrows {}

    public mutating func writeState(_ body: (String, inout MutableSpan<Float>) throws -> Void) rethrows {}
}
