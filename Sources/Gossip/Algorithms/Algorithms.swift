public import Configuration

/// Every algorithm there is. A new one adds its file and its line here.
public enum Algorithms {
    static let types: [any Algorithm.Type] = [
        Centralized.self,
        AllReduce.self,
        DPSGD.self,
        GoSGD.self,
        GossipPull.self,
        ADPSGD.self,
        SGP.self,
        OverlapSGP.self,
        GradientTracking.self,
        AEASGD.self,
        FedAvg.self,
    ]

    /// Names, summaries and options, for lists and the schema.
    public static let all: [Description] = types.map { $0.description }

    /// Whether peers under the algorithm of that name wait for each other in every step.
    public static func isLockStep(_ name: String) -> Bool {
        types.first { $0.description.name == name }?.isLockStep ?? false
    }

    /// How many servers or centres the algorithm of that name has behind its learners.
    public static func servers(_ name: String) -> Int {
        types.first { $0.description.name == name }?.servers ?? 0
    }

    /// The faults that the algorithm of that name lives through.
    public static func promises(_ name: String) -> Promises {
        types.first { $0.description.name == name }?.promises ?? []
    }

    /// The algorithm of that name for one peer.
    public static func make(
        _ name: String, _ setup: Setup, options: Options
    ) throws(ConfigurationError) -> any Algorithm {
        guard let type = types.first(where: { $0.description.name == name }) else {
            throw ConfigurationError(key: "name", unknown("algorithm", name, known: all.map(\.name)))
        }
        return try type.init(setup, options: options)
    }
}
