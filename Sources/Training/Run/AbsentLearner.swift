import Runtime
import Vectors

/// What stands where a server has no learner: it is never asked for a gradient.
struct AbsentLearner: Learner, ~Copyable {
    mutating func load(_ model: Span<Float>, scale: Float) {
        preconditionFailure("a server was asked for a gradient, and it has no data")
    }

    mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        preconditionFailure("a server was asked for a gradient, and it has no data")
    }

    var state: Numbers { Numbers() }

    mutating func restore(_ state: Numbers) throws(StateError) { try state.refuseUnknown(besides: []) }
}
