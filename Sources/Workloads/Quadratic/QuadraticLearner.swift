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
    private let point: ScratchVector
    /// Gradients computed so far: with the seed, all that the noise depends on.
    private var gradients: UInt64 = 0

    package init(_ quadratic: Quadratic, peer: Int, seed: UInt64, shaping: GradientShaping, sharing parts: PlanCache) {
        self.quadratic = quadratic
        self.peer = peer
        self.seed = seed
        self.shaping = shaping
        point = parts.scratch(count: quadratic.count)
    }

    package mutating func load(_ model: Payload, scale: Float) {
        model.read { model in
            point.write { point in
                for index in model.indices { point[index] = scale * model[index] }
            }
        }
    }

    package mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
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
        return GradientResult(
            gradient: vector, report: GradientReport(loss: Float(loss), correct: 0, samples: 1))
    }

    package var state: StateDict { StateDict(words: ["gradients": [gradients]]) }

    package mutating func restore(_ state: StateDict) throws(StateError) {
        try state.refuseUnknown(besides: ["gradients"])
        gradients = try state.count("gradients")
    }
}
