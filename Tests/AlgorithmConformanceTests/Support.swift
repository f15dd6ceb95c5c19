import Configuration
import Gossip
import Randomness
import Runtime
import Simulator
import Vectors

/// The objective `curvature |x - target|^2 / 2` with noise on its gradient.
struct QuadraticLearner: Learner, ~Copyable {
    let target: [Float]
    var curvature: Float = 1
    var noise = 0.0
    var random = RandomStream(seed: 1, purpose: .noise)
    private var point: [Float] = []

    init(target: [Float], curvature: Float = 1, noise: Double = 0, seed: UInt64 = 1, peer: Int = 0) {
        self.target = target
        self.curvature = curvature
        self.noise = noise
        random = RandomStream(seed: seed, purpose: .noise, peer: peer)
    }

    mutating func load(_ model: Span<Float>, scale: Float) {
        point = model.indices.map { scale * model[$0] }
    }

    mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
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

    var state: Numbers { Numbers(words: ["noise": random.words]) }

    mutating func restore(_ state: Numbers) throws(StateError) {
        guard let stream = RandomStream(words: try state.words("noise", count: 4)) else {
            throw StateError("'noise' is no state of a random stream")
        }
        random = stream
    }
}

/// `x <- x - rate g`.
struct PlainStepper: Stepper, ~Copyable {
    let rate: Float

    func begin(step: UInt64) -> Float { rate }

    func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        for index in gradient.indices { model[index] -= rate * gradient[index] }
    }

    func direction(
        at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>
    ) {
        for index in gradient.indices { target[index] = -rate * gradient[index] }
    }

    func reset() {}

    var state: Numbers { Numbers() }

    func restore(_ state: Numbers) throws(StateError) { try state.refuseUnknown(besides: []) }
}

typealias QuadraticHarness = Harness<QuadraticLearner, PlainStepper>

/// What a quadratic run in the harness is made of.
struct QuadraticRun {
    var algorithm = "gosgd"
    var options = Options()
    var topology = "complete"
    var seed: UInt64 = 1
    var steps: UInt64 = 100
    var rate: Float = 0.1
    var curvature: Float = 1
    var noise = 0.0
    var network = HarnessNetwork()

    /// One peer a target, all starting at zero; a gradient takes 10 ms, give or take 3.
    func harness(targets: [[Float]]) throws -> QuadraticHarness {
        let harness = QuadraticHarness(peers: targets.count, network: network, seed: seed)
        let graph = try Graph(topology, peers: targets.count)
        for (peer, target) in targets.enumerated() {
            let setup = Setup(
                me: PeerID(peer), peers: targets.count, seed: seed, graph: graph, samples: 1,
                stepsPerEpoch: 1,
                steps: steps)
            let seed = seed
            harness.add(
                try Algorithms.make(algorithm, setup, options: options),
                model: FlatVector(count: target.count),
                learner: QuadraticLearner(
                    target: target, curvature: curvature, noise: noise, seed: seed, peer: peer),
                stepper: PlainStepper(rate: rate)
            ) { step in
                var random = RandomStream(seed: seed, purpose: .compute, peer: peer, round: step)
                return random.uniform(from: 0.007, to: 0.013)
            }
        }
        return harness
    }
}

extension Harness where Learning: ~Copyable, Steps: ~Copyable {
    /// The models of all peers.
    var models: [[Float]] { (0..<peerCount).map { values(of: .model, peer: PeerID($0)) } }
}
