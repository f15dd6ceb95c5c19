import Randomness
import Runtime
import Vectors

/// A learner whose loss is `curvature / 2` times the squared distance from a target, with noise on its gradient: for
/// checks of algorithms, which can tell where such peers should come to.
struct CheckLearner: Learner {
    let target: [Double]
    let curvature: Double
    let noise: Double
    let seed: UInt64
    let peer: Int
    private var step: UInt64 = 0
    private var point: [Double] = []

    init(target: [Double], curvature: Double, noise: Double, seed: UInt64, peer: Int) {
        self.target = target
        self.curvature = curvature
        self.noise = noise
        self.seed = seed
        self.peer = peer
    }

    private static let stepName = "step"

    mutating func load(_ model: Payload, scale: Float) { point = model.array().map { Double(scale * $0) } }

    mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        var random = RandomStream(seed: seed, purpose: .noise, peer: peer, round: step)
        step += 1
        var vector = vector
        var loss = 0.0
        vector.write { span in
            for index in span.indices {
                let away = point[index] - target[index]
                loss += curvature / 2 * away * away
                span[index] = Float(curvature * away + (noise > 0 ? noise * random.normal() : 0))
            }
        }
        return GradientResult(gradient: vector, report: GradientReport(loss: Float(loss), correct: 0, samples: 1))
    }

    var state: StateDict { StateDict(words: [Self.stepName: [step]]) }

    mutating func restore(_ state: StateDict) throws(StateError) { step = try state.count(Self.stepName) }
}
