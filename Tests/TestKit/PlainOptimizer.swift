public import Runtime

/// `x <- x - rate g`; the rate may fall with the steps, as 1 / t.
public struct PlainOptimizer: LocalOptimizer, ~Copyable {
    private let first: Float
    private let falls: Bool
    private var rate: Float

    public init(rate: Float, falls: Bool = false) {
        first = rate
        self.rate = rate
        self.falls = falls
    }

    public mutating func begin(step: UInt64) -> Float {
        if falls { rate = first / Float(step + 1) }
        return rate
    }

    public func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        for index in gradient.indices { model[index] -= rate * gradient[index] }
    }

    public func direction(
        at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>
    ) {
        for index in gradient.indices { target[index] = -rate * gradient[index] }
    }

    public func reset() {}

    public var state: StateDict { StateDict() }

    public func restore(_ state: StateDict) throws(StateError) { try state.refuseUnknown(besides: []) }
}
