public import Runtime

/// `x <- x - rate g`.
public struct PlainOptimizer: LocalOptimizer, ~Copyable {
    private let rate: Float

    public init(rate: Float) { self.rate = rate }

    public func begin(step: UInt64) -> Float { rate }

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
