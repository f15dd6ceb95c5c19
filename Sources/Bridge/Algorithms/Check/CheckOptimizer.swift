import Runtime

/// Plain steps of one rate.
struct CheckOptimizer: LocalOptimizer {
    let rate: Float

    mutating func begin(step: UInt64) -> Float { rate }

    mutating func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        for index in model.indices { model[index] -= rate * gradient[index] }
    }

    mutating func direction(
        at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>
    ) {
        for index in target.indices { target[index] = -rate * gradient[index] }
    }

    mutating func reset() {}

    var state: StateDict { StateDict() }

    mutating func restore(_ state: StateDict) throws(StateError) {}
}
