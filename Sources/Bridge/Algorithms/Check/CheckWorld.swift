import Conditions
import Configuration
import Gossip
import Graphs
import Randomness
import Simulator

/// A world to try an algorithm in, drawn from a seed: peers, graph, what they learn, network, machines, and faults of
/// what the algorithm promises to live through.
struct CheckWorld {
    let seed: UInt64
    let peers: Int
    let steps: UInt64
    let graph: Graph
    let network: NetworkSettings
    let machines: MachineSettings
    let faults: FaultList
    /// One row of numbers a peer: where its loss is least, and where it starts.
    let targets: [[Double]]
    let starts: [[Double]]
    let curvature: Double
    let noise: Double
    private let isWild: Bool

    static let rate: Float = 0.05
    private static let coordinates = 2
    /// Sizes in the order of the seeds: those that break halves and pairs come first.
    private static let sizes = [1, 2, 3, 5, 6, 4, 7, 8, 3, 5, 2, 9, 6, 12]
    private static let topologies = [
        "ring", "complete", "star", "one-peer-exponential", "directed-ring", "chain", "exponential",
    ]

    /// Throws where the algorithm takes none of the graphs, with what it says of the last one.
    init(_ algorithm: AlgorithmChoice, seed: UInt64, isWild: Bool) throws(ConfigurationError) {
        var random = RandomStream(seed: seed, purpose: .faults, peer: -1)
        let peers = Self.sizes[Int(seed % UInt64(Self.sizes.count))]
        let steps = UInt64(60 + random.integer(below: 41)) / (isWild ? 6 : 1)
        func rows() -> [[Double]] {
            (0..<peers).map { _ in (0..<Self.coordinates).map { _ in random.uniform(from: -3, to: 3) } }
        }
        self.seed = seed
        self.peers = peers
        self.steps = steps
        self.isWild = isWild
        curvature = random.bernoulli(0.5) ? 1 : 0
        noise = random.bernoulli(0.4) ? 0.3 : 0
        targets = rows()
        starts = rows()
        let order = random.permutation(of: Self.topologies.count).map { Self.topologies[$0] }
        graph = try Self.graph(algorithm, order, peers: peers, seed: seed)
        var secondsPerStep = 0.005
        if isWild {
            (network, machines, secondsPerStep) = Self.wild(&random)
        } else {
            (network, machines) = Self.usual(peers: peers, &random)
        }
        let all = RandomFaults.battery(
            seed: seed, peers: peers, servers: algorithm.traits.servers,
            // On a closed network nobody leaves.
            faultTolerance: algorithm.traits.faultTolerance.subtracting(.leave),
            seconds: Double(steps) * secondsPerStep)
        faults = random.bernoulli(0.2) ? all.healed(at: .zero) : all
    }

    /// The same peers where nothing goes wrong and all are equally quick.
    func quiet() throws(ConfigurationError) -> CheckWorld { try CheckWorld(quietFormOf: self) }

    private init(quietFormOf world: CheckWorld) throws(ConfigurationError) {
        (seed, peers, steps, graph, isWild) = (world.seed, world.peers, world.steps, world.graph, false)
        (targets, starts, curvature, noise) = (world.targets, world.starts, world.curvature, world.noise)
        network = NetworkSettings()
        machines = MachineSettings(compute: ComputeTime(.constant(seconds: 0.01)))
        faults = try FaultList(learners: world.peers, servers: world.faults.servers)
    }

    /// What the simulator is given. Throws for a world that would last longer than virtual time counts.
    func settings(_ algorithm: AlgorithmChoice) throws(ConfigurationError) -> SimulationSettings {
        let beyond = algorithm.stepsBeyond(peers: peers, steps: steps, stepsPerEpoch: 10)
        let horizon = try SimulationHorizon(
            peers: peers, steps: (asked: steps, beyond: beyond), largestMessage: Self.coordinates, network: network,
            machines: machines)
        var settings = SimulationSettings(
            network: network, machines: machines, faults: faults, seed: seed,
            lockStepGraph: algorithm.traits.keepsStepWithNeighbours ? graph : nil)
        let patience = settings.retransmissionSeconds(byteCount: Self.coordinates * 4) ?? 0
        settings.deadline = try horizon.deadline(faults, patienceSeconds: patience)
        return settings
    }

    func setup(_ peer: Int) -> Setup {
        let isLearner = peer < peers
        return Setup(
            me: PeerID(peer), peers: peers, seed: seed, graph: graph, samples: isLearner ? 10 : 0,
            stepsPerEpoch: isLearner ? 10 : 0, steps: steps, joiners: Set(faults.joiners.keys))
    }

    /// The world in words.
    var record: JSON {
        .object([
            ("compute", .string("\(machines.compute.shape)")), ("curvature", .number(curvature)),
            ("faults", .string(faults.description)), ("latency", .string(network.latency.shape.rawValue)),
            ("latency_ms", .number(network.latency.meanSeconds * 1000)), ("loss", .number(network.loss)),
            ("noise", .number(noise)), ("peers", .integer(peers)), ("seed", .integer(Int(clamping: seed))),
            ("steps", .integer(Int(steps))), ("topology", .string(graph.name)), ("wild", .boolean(isWild)),
        ])
    }

    // MARK: Draws

    private static func graph(
        _ algorithm: AlgorithmChoice, _ names: [String], peers: Int, seed: UInt64
    ) throws(ConfigurationError) -> Graph {
        var refusal = ConfigurationError(key: "topology", "there is no graph of \(peers) peers")
        for name in names {
            do throws(ConfigurationError) {
                let graph = try Graph(name, peers: peers, seed: seed)
                _ = try algorithm.make(
                    Setup(
                        me: 0, peers: peers, seed: seed, graph: graph, samples: 10, stepsPerEpoch: 10, steps: 1))
                return graph
            } catch {
                refusal = error
            }
        }
        throw refusal
    }

    private static func usual(peers: Int, _ random: inout RandomStream) -> (NetworkSettings, MachineSettings) {
        func pick<Value>(_ values: [Value]) -> Value { values[random.integer(below: values.count)] }
        let straggler = peers > 1 && random.bernoulli(0.25) ? [PeerID(random.integer(below: peers)): 3.0] : [:]
        let network = NetworkSettings(
            latency: Latency(
                pick([.constant, .normal, .heavyTailed]), meanSeconds: random.uniform(from: 0.0002, to: 0.008),
                spread: 0.5),
            bitsPerSecond: pick([nil, 1e9, 1e6]), loss: pick([0, 0, 0, 0.05, 0.2]),
            detectionSeconds: random.uniform(from: 0.02, to: 0.1))
        let compute = ComputeTime(
            .normal(meanSeconds: 0.01, spread: pick([0, 0.1, 0.5])), factors: straggler)
        return (
            network, MachineSettings(compute: compute, checkpointSeconds: random.uniform(from: 0.02, to: 0.2))
        )
    }

    /// Messages that take no time or seconds, links that carry nothing to speak of, nine frames of ten lost.
    private static func wild(
        _ random: inout RandomStream
    ) -> (NetworkSettings, MachineSettings, secondsPerStep: Double) {
        func pick<Value>(_ values: [Value]) -> Value { values[random.integer(below: values.count)] }
        let latency = pick([0, 0.000_001, 0.0003, 0.03, 3])
        let compute = pick([0.000_01, 0.001, 0.01, 2])
        let network = NetworkSettings(
            latency: Latency(
                pick([.constant, .normal, .heavyTailed]), meanSeconds: latency,
                spread: pick([0, 1e-160, 0.5, 3, 10])),
            bitsPerSecond: pick([nil, 1e4, 1e6, 1e9]), loss: pick([0, 1e-9, 0.1, 0.5, 0.9]),
            detectionSeconds: random.uniform(from: 0.02, to: 0.1))
        let machines = MachineSettings(
            compute: ComputeTime(.normal(meanSeconds: compute, spread: pick([0, 0.1, 0.5]))),
            checkpointSeconds: random.uniform(from: 0.02, to: 0.2))
        return (network, machines, compute + latency)
    }
}
