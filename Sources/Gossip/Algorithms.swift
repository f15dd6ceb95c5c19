public import Configuration
import Graphs

/// Every algorithm there is. A new one adds its file and its line here.
public enum Algorithms {
    static let types: [any Algorithm.Type] = [
        Centralized.self,
        AllReduce.self,
        LocalSGD.self,
        FedAvg.self,
        EASGD.self,
        AEASGD.self,
        EAMSGD.self,
        Downpour.self,
        GoSGD.self,
        GossipPull.self,
        GossipPush.self,
        GRSGD.self,
        DPSGD.self,
        ADPSGD.self,
        CDSGD.self,
        CDMSGD.self,
        SGP.self,
        OverlapSGP.self,
        GradientTracking.self,
        D2.self,
        ExactDiffusion.self,
        EXTRA.self,
        QGDSGDm.self,
        DecentLaM.self,
        RelaySGD.self,
        SlowMo.self,
        DiLoCo.self,
        NoLoCo.self,
        Mesbah.self,
        BestPeer.self,
    ]

    /// Names, summaries and options, for lists and the schema.
    public static let all: [Description] = types.map { $0.description }

    /// Other names of algorithms, each with the name that it stands for.
    static let otherNames = ["persyn": "local-sgd"]

    /// The other names as lists and the schema show them.
    public static let aliases: [Description] = otherNames.sorted { $0.key < $1.key }.compactMap { name, known in
        all.first { $0.name == known }.map {
            Description(name: name, summary: "another name of \(known)", options: $0.options)
        }
    }

    static func type(_ name: String) -> (any Algorithm.Type)? {
        types.first { $0.description.name == otherNames[name] ?? name }
    }

    /// Whether peers under the algorithm of that name wait for each other in every step.
    public static func isLockStep(_ name: String, options: Options = Options()) -> Bool {
        type(name)?.isLockStep(options) ?? false
    }

    /// Whether peers under the algorithm of that name make as many steps as their own shares are long.
    public static func isPacedByShares(_ name: String, options: Options = Options()) -> Bool {
        !isLockStep(name, options: options) || type(name)?.isPacedByShares ?? false
    }

    /// Whether every step under the algorithm of that name waits for the neighbours in the graph.
    public static func keepsStepWithNeighbours(_ name: String) -> Bool { type(name)?.keepsStepWithNeighbours ?? false }

    /// Whether the algorithm of that name refuses an optimizer with a momentum, having one of its own.
    public static func bringsMomentum(_ name: String) -> Bool { type(name)?.bringsMomentum ?? false }

    /// Whether the algorithm of that name has models scored on validation samples.
    public static func needsScores(_ name: String) -> Bool { type(name)?.needsScores ?? false }

    /// What the algorithm of that name makes of the topology.
    public static func graphUse(_ name: String) -> GraphUse { type(name)?.graphUse ?? .weights }

    /// How many servers the algorithm of that name has behind its learners.
    public static func servers(_ name: String) -> Int { type(name)?.servers ?? 0 }

    /// The faults that a run under the algorithm of that name lives through.
    public static func faultTolerance(_ name: String, options: Options = Options()) -> FaultTolerance {
        FaultTolerance.messages.union(type(name)?.faultTolerance(options) ?? [])
    }

    /// Passes over its own samples that a peer makes in a round under the algorithm of that name.
    public static func epochsPerRound(_ name: String, options: Options = Options()) -> Int {
        type(name)?.epochsPerRound(options) ?? 0
    }

    /// The algorithm of that name for one peer.
    public static func make(
        _ name: String, _ setup: Setup, options: Options
    ) throws(ConfigurationError) -> any Algorithm {
        guard let type = type(name) else {
            throw ConfigurationError(key: "name", unknown("algorithm", name, known: all.map(\.name)))
        }
        if type.bringsMomentum, setup.optimizerHasMomentum {
            throw ConfigurationError(
                key: "name", "\(name) has a momentum of its own and takes plain steps; set optimizer.name=sgd")
        }
        if type.graphUse == .edges { try setup.mixing.refuseWeights(by: name) }
        return try type.init(setup, options: options)
    }
}
