import Compression
import Conditions
import Configuration
import Gossip
import Graphs
import Randomness
import Runtime
import Simulator
import TestKit
import Vectors

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
        if duplication > 0 { faults.append(.duplicate(duplication, TimeWindow())) }
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
    /// Whether the rate falls, as 1 / t.
    var rateFalls = false
    var curvature: Float = 1
    var noise = 0.0
    var network = TestNetwork()
    /// What the links make of vectors, with its options, and how far mixing then goes.
    var compression = "none"
    var compressionOptions = Options()
    var linkRate = 1.0
    /// Where the peers start; zero where none is given.
    var starts: [[Float]]?
    /// Where the servers start; zero where nothing is given.
    var serverStart: [Float]?
    /// The tensors of a model; one row where there is none.
    var tensors: [Factoring.Extent] = []
    /// Samples and steps of each peer's epoch.
    var samples: [Int]?
    /// By how much a peer is slower than the others.
    var stragglerDelay: [Int: Double] = [:]
    /// How long a peer's gradient of a step takes; nil: 10 ms, give or take 3.
    var computeSeconds: ((_ peer: Int, _ step: UInt64) -> Double)?

    /// The simulation after the run.
    func run(targets: [[Float]]) throws -> Simulation {
        let simulation = try simulation(targets: targets)
        simulation.start()
        simulation.run()
        simulation.checkEnd()
        return simulation
    }

    /// One peer a target, all starting at zero, and servers behind them.
    func simulation(targets: [[Float]]) throws -> Simulation {
        let simulation = Simulation(
            peers: targets.count,
            try network.settings(peers: targets.count, servers: Algorithms.traits(algorithm).servers, seed: seed))
        let graph = try Graph(topology, peers: targets.count, options: topologyOptions)
        let joiners = Set(simulation.settings.faults.joiners.keys)
        let layout = CompressionLayout(VectorLayout([("x", [targets[0].count])]))
        let links =
            compression == "none"
            ? nil
            : LinkSettings(
                try Compressors.make(compression, compressionOptions), layout: layout, hasFeedback: true,
                keepsReplicas: true, hasCommonStart: starts == nil, seed: seed)
        let zero = [Float](repeating: 0, count: targets[0].count)
        let servers = [[Float]](repeating: zero, count: Algorithms.traits(algorithm).servers)
        for (peer, target) in (targets + servers).enumerated() {
            let count = peer < targets.count ? samples?[peer] ?? 1 : 0
            let setup = Setup(
                me: PeerID(peer), peers: targets.count, seed: seed, graph: graph, samples: count,
                stepsPerEpoch: count, steps: steps, joiners: joiners, tensors: tensors,
                linkRate: links == nil ? nil : linkRate)
            let seed = seed
            let factor = stragglerDelay[peer] ?? 1
            let chosen = computeSeconds
            simulation.add(
                try Algorithms.make(algorithm, setup, options: options),
                model: FlatVector((peer < targets.count ? starts?[peer] : serverStart) ?? zero),
                learner: QuadraticLearner(
                    target: target, curvature: curvature, noise: noise, seed: seed, peer: peer),
                localOptimizer: PlainOptimizer(rate: rate, falls: rateFalls),
                scorer: QuadraticScorer(targets: targets),
                computeSeconds: { step in
                    if let chosen { return chosen(peer, step) }
                    var random = RandomStream(seed: seed, purpose: .compute, peer: peer, round: step)
                    return factor * random.uniform(from: 0.007, to: 0.013)
                }, links: links)
        }
        return simulation
    }
}

extension Simulation {
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
