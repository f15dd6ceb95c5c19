import Conditions
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

/// The mean of all peers' objectives, below nothing.
struct QuadraticScorer: Scorer {
    let targets: [[Float]]

    func score(_ model: Payload) -> Double {
        let point = model.array()
        let squares = targets.flatMap { target in zip(point, target).map { Double($0 - $1) * Double($0 - $1) } }
        return -squares.reduce(0, +) / 2 / Double(targets.count)
    }
}

typealias QuadraticSimulation = Simulation<QuadraticLearner, PlainStepper>

/// A network for tests, in few numbers.
struct TestNetwork {
    var latencySeconds = 0.001
    /// Up to so many seconds more for every frame: enough of it and frames overtake each other.
    var jitterSeconds = 0.0
    var loss = 0.0
    var duplication = 0.0
    var detectionSeconds = 0.05
    /// What else goes wrong.
    var faults: [Fault] = []

    /// The world with this network and nothing else of note.
    func settings(peers: Int, servers: Int = 0, seed: UInt64 = 1) throws -> SimulationSettings {
        var faults = faults
        if duplication > 0 { faults.append(.duplicate(duplication, Window())) }
        let mean = latencySeconds + jitterSeconds / 2
        return SimulationSettings(
            network: NetworkSettings(
                latency: jitterSeconds > 0
                    ? Latency(.normal, meanSeconds: mean, spread: jitterSeconds / 4 / mean) : .constant(mean),
                loss: loss, detectionSeconds: detectionSeconds),
            machines: MachineSettings(checkpointSeconds: 0.05),
            faults: try FaultList(faults, learners: peers, servers: servers), seed: seed)
    }
}

/// What a quadratic run in virtual time is made of.
struct QuadraticRun {
    var algorithm = "gosgd"
    var options = Options()
    var topology = "complete"
    var topologyOptions = Options()
    var seed: UInt64 = 1
    var steps: UInt64 = 100
    var rate: Float = 0.1
    var curvature: Float = 1
    var noise = 0.0
    var network = TestNetwork()
    /// Where the peers start; zero where none is given.
    var starts: [[Float]]?
    /// Samples and steps of each peer's epoch.
    var samples: [Int]?
    /// By how much a peer is slower than the others.
    var slowness: [Int: Double] = [:]
    /// How long a peer's gradient of a step takes; nil: 10 ms, give or take 3.
    var computeSeconds: ((_ peer: Int, _ step: UInt64) -> Double)?

    /// The simulation after the run.
    func run(targets: [[Float]]) throws -> QuadraticSimulation {
        let simulation = try simulation(targets: targets)
        simulation.start()
        simulation.run()
        return simulation
    }

    /// One peer a target, all starting at zero, and servers behind them.
    func simulation(targets: [[Float]]) throws -> QuadraticSimulation {
        let simulation = QuadraticSimulation(
            peers: targets.count,
            try network.settings(peers: targets.count, servers: Algorithms.servers(algorithm), seed: seed))
        let graph = try Graph(topology, peers: targets.count, options: topologyOptions)
        let latecomers = Set(simulation.settings.faults.latecomers.keys)
        let zero = [Float](repeating: 0, count: targets[0].count)
        let servers = [[Float]](repeating: zero, count: Algorithms.servers(algorithm))
        for (peer, target) in (targets + servers).enumerated() {
            let count = peer < targets.count ? samples?[peer] ?? 1 : 0
            let setup = Setup(
                me: PeerID(peer), peers: targets.count, seed: seed, graph: graph, samples: count,
                stepsPerEpoch: count, steps: steps, latecomers: latecomers)
            let seed = seed
            let factor = slowness[peer] ?? 1
            let chosen = computeSeconds
            simulation.add(
                try Algorithms.make(algorithm, setup, options: options),
                model: FlatVector(peer < targets.count ? starts?[peer] ?? zero : zero),
                learner: QuadraticLearner(
                    target: target, curvature: curvature, noise: noise, seed: seed, peer: peer),
                stepper: PlainStepper(rate: rate), scorer: QuadraticScorer(targets: targets)
            ) { step in
                if let chosen { return chosen(peer, step) }
                var random = RandomStream(seed: seed, purpose: .compute, peer: peer, round: step)
                return factor * random.uniform(from: 0.007, to: 0.013)
            }
        }
        return simulation
    }
}

extension Simulation where Learning: ~Copyable, Steps: ~Copyable {
    /// The models of all peers, servers last.
    var models: [[Float]] { (0..<peerCount).map { values(of: .model, peer: PeerID($0)) } }

    /// What is tested and saved of each peer, servers last.
    var evaluated: [[Float]] {
        (0..<peerCount).map { peer in
            let term = algorithm(of: PeerID(peer)).evaluated
            return values(of: term.vector, peer: PeerID(peer)).map { Float(term.weight) * $0 }
        }
    }

    /// What the first number of all models adds up to, in double precision.
    var sum: Double { models.reduce(0) { $0 + Double($1[0]) } }
}
