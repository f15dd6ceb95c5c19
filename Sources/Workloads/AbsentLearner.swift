package import Runtime
package import Vectors

/// What stands where a server has no learner: it is never asked for a gradient.
package struct AbsentLearner: Learner, ~Copyable {
    package init() {}

    package mutating func load(_ model: Payload, scale: Float) {
        preconditionFailure("a server was asked for a gradient, and it has no data")
    }

    package mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        preconditionFailure("a server was asked for a gradient, and it has no data")
    }

    package var state: StateDict { StateDict() }

    package mutating func restore(_ state: StateDict) throws(StateError) { try state.refuseUnknown(besides: []) }
}
