package import Configuration

/// How the weights of a mixing matrix come from a graph, by the field's names.
public enum MixingRule: String, Sendable, Codable, CaseIterable {
    /// `1 / (1 + max(degree_i, degree_j))` on an edge, the rest on oneself: symmetric and doubly stochastic.
    case metropolis
    /// `1 / (1 + senders)` on oneself and everybody heard: row-stochastic; doubly stochastic on regular graphs only.
    case uniform
    /// `1 / (1 + greatest degree)` on every edge, the rest on oneself.
    case maxDegree = "max-degree"
    /// Half of one's own value and half of what metropolis (on directed graphs uniform) gives: no eigenvalue below 0.
    case lazy
    /// `2 / (least + greatest eigenvalue of the Laplacian)` on every edge, the rest on oneself, which may be less than
    /// nothing: the constant that mixes fastest (L. Xiao, S. Boyd, Fast linear iterations for distributed averaging,
    /// Systems & Control Letters 53, 2004).
    case bestConstant = "best-constant"
    /// Positive weights drawn from the seed on oneself and everybody heard, over their sum: row-stochastic, and nothing
    /// more.
    case randomRowStochastic = "random-row-stochastic"
    /// The same weights made doubly stochastic: see `SinkhornKnopp`.
    case randomDoublyStochastic = "random-doubly-stochastic"

    /// The option by which a topology lets its rule be chosen.
    package static func option(default rule: MixingRule = .metropolis) -> Option<MixingRule> {
        Option<MixingRule>.choice("mixing", default: rule, "how peers weigh each other's values (W)")
    }

    /// The rule that was chosen; nil for a graph that has its own weights.
    package static func chosen(for topology: any Topology, _ options: Options) throws(ConfigurationError) -> MixingRule?
    {
        let description = type(of: topology).description
        guard topology.weights(of: 0, round: 0) == nil,
            let option = [metropolis, uniform].map(option).first(where: { description.options.contains($0.description) }
            )
        else { return nil }
        let rule = try options.value(option)
        if topology.isDirected, [.metropolis, .maxDegree, .bestConstant].contains(rule) {
            throw ConfigurationError(
                key: "mixing",
                "\(rule.rawValue) gives an edge the same weight from both of its ends, and \(description.name) has "
                    + "edges in one direction only; choose uniform or lazy")
        }
        if rule == .bestConstant, topology.period > 1 {
            throw ConfigurationError(
                key: "mixing",
                "best-constant is of one graph, and \(description.name) has another one in every round; choose "
                    + "metropolis")
        }
        return rule
    }

    /// The weight of an edge where all have the same.
    package func edgeWeight(_ topology: any Topology, peers: Int) -> Double? {
        switch self {
        case .metropolis, .uniform, .lazy, .randomRowStochastic, .randomDoublyStochastic: return nil
        case .maxDegree:
            let greatest = (0..<topology.period).flatMap { round in
                (0..<peers).map { topology.degree(of: PeerID($0), round: round) }
            }.max()
            return 1 / Double(1 + (greatest ?? 0))
        case .bestConstant:
            guard peers > 1 else { return 0 }
            let extremes = topology.laplacian ?? LaplacianExtremes(of: topology, peers: peers)
            return 2 / (extremes.least + extremes.greatest)
        }
    }
}
