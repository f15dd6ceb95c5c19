import Conditions
import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Vectors

/// What a caller wants simulated, all of it checked: the world, and the algorithm of each peer.
struct SimulationPlan {
    /// As the caller says it; texts are JSON.
    struct Request {
        var peers = 0
        var steps: UInt64 = 0
        /// Training samples of each peer, and steps in which it goes through them once.
        var samples = 0
        var stepsPerEpoch = 0
        var seed: UInt64 = 0
        var algorithm = ""
        var algorithmOptions: String?
        var topology: String?
        var topologyOptions: String?
        var compression: String?
        var compressionOptions: String?
        var keepsOwnStart = false
        var network: String?
        var faults: String?
        var stragglers: String?
        var optimizerHasMomentum = false
    }

    /// Peers beyond this are no slip of a finger that a machine could bear.
    private static let peerLimit = 1_000_000

    let peers: Int
    let steps: UInt64
    let algorithm: AlgorithmChoice
    /// The faults as they were asked for, random ones not drawn.
    private let faults: FaultList
    private let request: Request
    private let graph: Graph
    private let world: WorldOptions
    private let compression: CompressionChoice?
    /// How far mixing goes over links that compress; nil where it goes all the way.
    private let linkRate: Double?

    /// Throws for the first setting that cannot be.
    init(_ request: Request) throws(ConfigurationError) {
        self.request = request
        (peers, steps) = (request.peers, request.steps)
        guard (1...Self.peerLimit).contains(peers) else {
            throw ConfigurationError(key: "peers", "\(peers) peers are not 1 to \(Self.peerLimit)")
        }
        guard (1...1_000_000_000_000).contains(steps) else {
            throw ConfigurationError(key: "steps", "\(steps) is not a number of steps from 1 to 1e12")
        }
        algorithm = try AlgorithmChoice(
            request.algorithm, try SettingsText.options(request.algorithmOptions, "algorithm"))
        let (peers, seed) = (peers, request.seed)
        let topology = try SettingsText.options(request.topologyOptions, "topology")
        graph = try inSection("topology") { () throws(ConfigurationError) in
            try Graph(request.topology ?? "ring", peers: peers, seed: seed, options: topology)
        }
        compression = try request.compression.map { name throws(ConfigurationError) in
            try CompressionChoice(
                PeerSettings.Choice(name, try SettingsText.options(request.compressionOptions, "compression")))
        }
        linkRate = try Self.links(compression, algorithm, graph, VectorLayout([]), request)?.rate
        let network = try SettingsText.options(request.network, "network")
        let stragglers = try SettingsText.options(request.stragglers, "stragglers")
        world = try inSection("network") { () throws(ConfigurationError) in
            try WorldOptions(network, stragglers: stragglers, peers: peers)
        }
        let list = try FaultList(
            try SettingsText.list(request.faults, "faults"), learners: peers, servers: algorithm.traits.servers)
        faults = world.healAt.map { list.healed(at: Time(nanoseconds: $0.nanoseconds)) } ?? list
        for (index, fault) in faults.faults.enumerated() {
            guard let problem = Self.problem(fault, algorithm) else { continue }
            throw ConfigurationError(key: "faults[\(index)]", problem)
        }
        // What a peer's own part refuses is refused for all of them now.
        for peer in 0..<nodes { _ = try honest(peer, extents: []) }
    }

    /// How the links compress vectors of that layout; nil where they do not.
    func links(_ layout: VectorLayout) throws(ConfigurationError) -> LinkSettings? {
        try Self.links(compression, algorithm, graph, layout, request)?.links
    }

    private static func links(
        _ compression: CompressionChoice?, _ algorithm: AlgorithmChoice, _ graph: Graph, _ layout: VectorLayout,
        _ request: Request
    ) throws(ConfigurationError) -> (links: LinkSettings, rate: Double?)? {
        try compression?.links(
            under: (algorithm.name, algorithm.options), graph, layout, hasCommonStart: !request.keepsOwnStart,
            seed: request.seed)
    }

    /// Learners and servers.
    var nodes: Int { peers + algorithm.traits.servers }

    /// Whether dead peers come back, so that they must be saved.
    var hasRestarts: Bool {
        faults.isRandom
            || faults.faults.contains { if case .crash(_, let window, _) = $0 { window.end != nil } else { false } }
    }

    /// The world, its random faults drawn, for vectors of so many numbers. Throws for a run that would take longer than
    /// virtual time counts.
    func settings(count: Int) throws(ConfigurationError) -> SimulationSettings {
        let beyond = algorithm.stepsBeyond(peers: peers, steps: steps, stepsPerEpoch: max(request.stepsPerEpoch, 1))
        let horizon = try SimulationHorizon(
            peers: peers, steps: (asked: steps, beyond: beyond), largestMessage: count, network: world.network,
            machines: world.machines)
        let drawn = try horizon.drawn(faults, healAt: world.healAt)
        var settings = SimulationSettings(
            network: world.network, machines: world.machines, faults: drawn, seed: world.seed ?? request.seed,
            lockStepGraph: algorithm.traits.keepsStepWithNeighbours ? graph : nil)
        let patience = settings.retransmissionSeconds(byteCount: count * 4) ?? 0
        settings.deadline = try horizon.deadline(drawn, patienceSeconds: patience)
        return settings
    }

    /// A peer's algorithm under faults that are drawn already, for tensors of these extents.
    func algorithm(
        of peer: Int, under faults: FaultList, extents: [Factoring.Extent]
    ) throws(ConfigurationError) -> any Algorithm {
        let honest = try honest(peer, extents: extents)
        let attacks = faults.attacks(by: PeerID(peer))
        guard !attacks.isEmpty else { return honest }
        return Attacked(
            honest, setup(peer, extents), attacks, byzantinePeers: faults.byzantinePeers,
            isLockStep: algorithm.traits.isLockStep)
    }

    private func honest(
        _ peer: Int, extents: [Factoring.Extent]
    ) throws(ConfigurationError) -> any Algorithm {
        let setup = setup(peer, extents)
        return try inSection("algorithm") { () throws(ConfigurationError) in try algorithm.make(setup) }
    }

    private func setup(_ peer: Int, _ extents: [Factoring.Extent]) -> Setup {
        let isLearner = peer < peers
        return Setup(
            me: PeerID(peer), peers: peers, seed: request.seed, graph: graph,
            // Where nobody says how many, all weigh the same.
            samples: isLearner ? max(request.samples, 1) : 0,
            stepsPerEpoch: isLearner ? max(request.stepsPerEpoch, 1) : 0, steps: steps,
            optimizerHasMomentum: request.optimizerHasMomentum, joiners: Set(faults.joiners.keys), tensors: extents,
            linkRate: linkRate)
    }

    private static func problem(_ fault: Fault, _ algorithm: AlgorithmChoice) -> String? {
        let (name, traits) = (algorithm.name, algorithm.traits)
        switch fault {
        case .leave:
            return "a peer that leaves gives what it holds away, which only an open network knows; crash the peer"
        case .join where !traits.faultTolerance.contains(.join):
            return "\(name) takes in nobody who joins later; leave it out, or take an algorithm such as gosgd"
        case .byzantine(_, .labelFlip, _):
            return "label-flip changes labels, and these are the caller's; flip them there, or take another kind"
        case .byzantine(_, .slander, _) where !algorithm.judgesNeighbours:
            return "slander is what byzantine peers say of others, and nobody listens here; set the option trust"
        case .byzantine(_, .dissensus, _) where traits.graphUse != .weights:
            return "dissensus goes by the weights that neighbours put on each other's models, and \(name) has none; "
                + "take another kind, or an algorithm such as dpsgd"
        case .byzantine(_, let attack, _)
        where attack.needsModelsOfOthers && (traits.sendsProducts || traits.graphUse == .none):
            return "this attack is made of models heard from neighbours, and under \(name) none come; take another "
                + "kind, or an algorithm such as dpsgd"
        default: return nil
        }
    }
}
