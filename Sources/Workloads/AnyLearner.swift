package import Gossip
package import Runtime
package import Vectors

/// A learner of whatever kind, so that one kind of run serves all workloads.
package struct AnyLearner: Learner, ~Copyable {
    private var learner: any Learner & ~Copyable

    package init(_ learner: consuming any Learner & ~Copyable) { self.learner = learner }

    package mutating func load(_ model: Payload, scale: Float) { learner.load(model, scale: scale) }

    package mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        learner.gradient(into: vector)
    }

    package mutating func advance(_ request: PassRequest, _ pool: PayloadPool) -> PassResult {
        learner.advance(request, pool)
    }

    package mutating func drop(_ pass: Pass) { learner.drop(pass) }

    package mutating func cost(of request: PassRequest) -> Double { learner.cost(of: request) }

    package var work: Double { mutating get { learner.work } }

    package var state: StateDict { mutating get { learner.state } }

    package mutating func restore(_ state: StateDict) throws(StateError) { try learner.restore(state) }
}
