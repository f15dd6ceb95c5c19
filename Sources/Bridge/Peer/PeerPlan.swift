import Compression
import Configuration
import Gossip
import Graphs
import Runtime
import Vectors

/// A peer's part in a run, when it is known who else takes part: everything that can be refused is refused here.
struct PeerPlan {
    let settings: PeerSettings
    let me: PeerID
    /// Learners of the run.
    let peers: Int
    let traits: Traits
    let graph: Graph
    let layout: VectorLayout
    let links: LinkSettings?
    let setup: Setup

    /// The graph where the caller names none: with everybody, as of an experiment.
    private static let usualTopology = PeerSettings.Choice("complete")

    /// Throws for what cannot be, with the section and the key.
    ///
    /// - Parameters:
    ///   - layout: The learners', which a server takes over.
    ///   - learnerSteps: Steps of each learner, for a server.
    init(
        _ settings: PeerSettings, me: PeerID, peers: Int, layout: VectorLayout, learnerSteps: [UInt64] = []
    ) throws(ConfigurationError) {
        self.settings = settings
        self.me = me
        self.peers = peers
        self.layout = layout
        let (name, options) = (settings.algorithm.name, settings.algorithm.options)
        traits = AlgorithmSource.traits(name, options: options)
        let topology = settings.topology ?? Self.usualTopology
        let graph = try inSection("topology") { () throws(ConfigurationError) in
            try Graph(topology.name, peers: peers, seed: settings.seed, options: topology.options)
        }
        self.graph = graph
        let compression = try settings.compression.map { choice throws(ConfigurationError) in
            try CompressionChoice(choice)
        }?.links(
            under: (name, options), graph, layout, hasCommonStart: !settings.keepsOwnStart, seed: settings.seed)
        links = compression?.links
        let isLearner = me.rawValue < peers
        setup = Setup(
            me: me, peers: peers, seed: settings.seed, graph: graph, samples: isLearner ? max(1, settings.samples) : 0,
            stepsPerEpoch: isLearner ? max(1, settings.stepsPerEpoch) : 0, steps: settings.stepCount,
            learnerSteps: isLearner ? [] : learnerSteps, optimizerHasMomentum: settings.optimizerHasMomentum,
            tensors: Self.extents(layout), linkRate: compression?.rate)
    }

    /// The peer's algorithm as it begins.
    func algorithm() throws(ConfigurationError) -> any Algorithm {
        try inSection("algorithm") { () throws(ConfigurationError) in
            try AlgorithmSource.make(settings.algorithm.name, setup, options: settings.algorithm.options)
        }
    }

    /// The same on an open network, where it knows nobody.
    func openAlgorithm(_ terms: LinkTerms) throws(ConfigurationError) -> any Algorithm {
        try inSection("algorithm") { () throws(ConfigurationError) in
            guard traits.isOpen else {
                throw ConfigurationError(
                    key: "name",
                    "\(settings.algorithm.name) needs to know all peers, which nobody does on an open network; choose "
                        + "gosgd")
            }
            let open = try setup.open(key: terms.key, isFounder: terms.isFounder)
            return try AlgorithmSource.make(settings.algorithm.name, open, options: settings.algorithm.options)
        }
    }

    private static func extents(_ layout: VectorLayout) -> [Factoring.Extent] {
        layout.entries.filter { $0.count > 0 }.map { entry in
            let rows = entry.isWeight ? entry.shape[0] : 1
            return Factoring.Extent(rows: rows, columns: entry.count / rows)
        }
    }
}
