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
        CHOCO.self,
        PowerGossip.self,
        Mesbah.self,
        BestPeer.self,
        NetTorrent.self,
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

    /// What is known of the algorithm of that name, or other name, with these options; of a name that is none, nothing.
    public static func traits(_ name: String, options: Options = Options()) -> Traits {
        var traits = type(name)?.traits(options) ?? Traits(graphUse: .weights)
        if AggregationRules.isScored(options) { (traits.needsScores, traits.scoresByLoss) = (true, true) }
        return traits
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
        if let key = options.values.keys.sorted().first(where: { refusal(of: $0, by: name) != nil }),
            let reason = refusal(of: key, by: name)
        {
            throw ConfigurationError(key: key, reason)
        }
        try options.refuseUnknown(besides: type.description.options)
        let traits = type.traits(options)
        if traits.bringsMomentum, setup.optimizerHasMomentum {
            throw ConfigurationError(
                key: "name", "\(name) has a momentum of its own and takes plain steps; set optimizer.name=sgd")
        }
        for need in traits.needs { try setup.mixing.require(need, by: type.description.name) }
        if traits.graphUse == .edges { try setup.mixing.refuseWeights(by: name) }
        return try type.init(setup, options: options)
    }
}
