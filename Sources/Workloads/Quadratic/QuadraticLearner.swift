package import Experiments
package import Optimizers
import Randomness
package import Runtime
package import Vectors

/// A peer's exact gradients of its quadratic, with noise where it is asked for. A gradient counts as one sample.
package struct QuadraticLearner: Learner, ~Copyable {
    private let quadratic: Quadratic
    private let peer: Int
    private let seed: UInt64
    private let shaping: GradientShaping
    private let parts: PlanCache
    /// What was loaded and still owes the gradient.
    private var loaded: FlatVector?
    /// Gradients computed so far: with the seed, all that the noise depends on.
    private var gradients: UInt64 = 0

    package init(_ quadratic: Quadratic, peer: Int, seed: UInt64, shaping: GradientShaping, sharing parts: PlanCache) {
        self.quadratic = quadratic
        self.peer = peer
        self.seed = seed
        self.shaping = shaping
        self.parts = parts
    }

    package mutating func load(_ model: Payload, scale: Float) {
        var point = loaded.take() ?? parts.blocks.block(count: quadratic.count)
        model.read { model in
            point.write { point in
                for index in model.indices { point[index] = scale * model[index] }
            }
        }
        loaded = consume point
    }

    package mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        guard let point = loaded.take() else { preconditionFailure("a gradient is asked for, and no model was loaded") }
        var vector = vector
        let (target, curvature, noise) = (quadratic.targets[peer], quadratic.curvature, quadratic.noise)
        var random = RandomStream(seed: seed, purpose: .noise, peer: peer, round: gradients)
        gradients += 1
        let (quadratic, peer, shaping) = (quadratic, peer, shaping)
        let loss = point.read { point in
            vector.write { gradient in
                for index in point.indices {
                    gradient[index] = curvature * (point[index] - target[index])
                    if noise > 0 { gradient[index] += noise * Float(random.normal()) }
                }
                shaping.apply(to: &gradient, at: point)
            }
            return quadratic.objective(of: peer, at: point)
        }
        parts.blocks.giveBack(point)
        return GradientResult(
            gradient: vector, report: GradientReport(loss: Float(loss), correct: 0, samples: 1))
    }

    /// A normal draw is some twenty multiplications.
    package var work: Double { Double(quadratic.count) * (quadratic.noise > 0 ? 25 : 5) }

    package var state: StateDict { StateDict(words: ["gradients": [gradients]]) }

    package mutating func restore(_ state: StateDict) throws(StateError) {
        try state.refuseUnknown(besides: ["gradients"])
        gradients = try state.count("gradients")
    }
}
