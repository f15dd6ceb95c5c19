import Randomness
public import Runtime
public import Vectors

/// The objective `curvature |x - target|^2 / 2` with noise on its gradient: a peer that learns in a few numbers.
public struct QuadraticLearner: Learner, ~Copyable {
    private let target: [Float]
    private let curvature: Float
    private let noise: Double
    private var random: RandomStream
    private var point: [Float] = []

    public init(target: [Float], curvature: Float = 1, noise: Double = 0, seed: UInt64 = 1, peer: Int = 0) {
        self.target = target
        self.curvature = curvature
        self.noise = noise
        random = RandomStream(seed: seed, purpose: .noise, peer: peer)
    }

    public mutating func load(_ model: Payload, scale: Float) {
        point = model.array().map { scale * $0 }
    }

    public mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        let (point, target, curvature) = (point, target, curvature)
        var loss: Float = 0
        vector.write { span in
            for index in span.indices {
                let distance = point[index] - target[index]
                span[index] = curvature * distance + Float(noise * random.normal())
                loss += curvature * distance * distance / 2
            }
        }
        return GradientResult(
            gradient: vector, report: GradientReport(loss: loss, correct: 0, samples: 1))
    }

    public var state: StateDict { StateDict(words: ["noise": random.words]) }

    public mutating func restore(_ state: StateDict) throws(StateError) {
        guard let stream = RandomStream(words: try state.words("noise", count: 4)) else {
            throw StateError("'noise' is no state of a random stream")
        }
        random = stream
    }
}
