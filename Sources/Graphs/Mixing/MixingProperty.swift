public import Configuration
import Randomness

/// What an algorithm may need of a mixing matrix, in every round of a period unless it says otherwise. Sums may be off
/// by 1e-9.
public enum MixingProperty: Sendable, Hashable, CaseIterable {
    /// No weight is negative and each receiver's weights sum to 1.
    case rowStochastic
    /// No weight is negative and the weights on each sender sum to 1: what is sent is wholly received.
    case columnStochastic
    /// Both.
    case doublyStochastic
    /// `W[i][j] = W[j][i]`.
    case symmetric
    /// Everybody's value reaches everybody, all rounds of a period taken together.
    case connected
    /// The peers have two sides, and every edge joins one to the other.
    case bipartite
    /// Everybody gives its own value some weight.
    case positiveDiagonal
    /// The same in every round.
    case constant

    /// Whether it is the graph's, whatever the weights.
    package var isOfGraph: Bool { self == .connected || self == .bipartite }

    package var phrase: String {
        switch self {
        case .rowStochastic: "a row-stochastic mixing matrix"
        case .columnStochastic: "a column-stochastic mixing matrix"
        case .doublyStochastic: "a doubly stochastic mixing matrix"
        case .symmetric: "a symmetric mixing matrix"
        case .connected: "a connected graph"
        case .bipartite: "a bipartite graph"
        case .positiveDiagonal: "a mixing matrix with a positive diagonal"
        case .constant: "a mixing matrix that is the same in every round"
        }
    }
}

extension MixingMatrix {
    /// Whether no weight is negative and the weights of each receiver and on each sender sum to 1, to 1e-9.
    public var isDoublyStochastic: Bool { has(.doublyStochastic) }
    /// Whether `W[i][j] = W[j][i]` in every round.
    public var isSymmetric: Bool { has(.symmetric) }
    /// Whether everybody's value reaches everybody, all rounds of a period taken together.
    public var isConnected: Bool { has(.connected) }

    /// Whether the matrix has the property in every round; also false where it has too many weights to look at.
    public func has(_ property: MixingProperty) -> Bool { violation(of: property) == nil }

    /// Where the matrix lacks the property, in words; nil where it has it.
    public func violation(of property: MixingProperty) -> String? {
        switch property {
        case .connected:
            return graph.isConnected
                ? nil : graph.firstUnreached.map { "no path leads both from peer 0 to peer \($0) and back" }
        case .bipartite:
            guard case .oddCycle(let one, let other) = graph.bipartition else { return nil }
            return "the edge between \(one) and \(other) closes a circle of an odd number of peers"
        case .constant:
            return period == 1 ? nil : "the weights change from round to round, and repeat after \(period) rounds"
        default: break
        }
        let found = graph.properties.violations { MixingViolations(self) }
        switch property {
        case .rowStochastic: return found.negative ?? found.row
        case .columnStochastic: return found.negative ?? found.column
        case .doublyStochastic: return found.negative ?? found.row ?? found.column
        case .symmetric: return found.asymmetry
        case .positiveDiagonal: return found.diagonal
        case .connected, .bipartite, .constant: return nil
        }
    }

    /// More weights than this in a period take minutes to look at.
    public static let weightLimit = 200_000_000.0

    /// About how many weights the matrix has in a period.
    public var weightCount: Double {
        (0..<peers).reduce(0.0) { $0 + Double(graph.degree(of: PeerID($1)) + 1) } * Double(period)
    }

    /// Refuses the matrix in the name of an algorithm that needs the property.
    public func require(_ property: MixingProperty, by algorithm: String) throws(ConfigurationError) {
        if !property.isOfGraph, property != .constant, graph.properties.violations({ MixingViolations(self) }).isUnknown
        {
            throw ConfigurationError(
                key: nil,
                "\(algorithm) needs \(property.phrase), and topology '\(graph.name)' of \(peers) peers has more than "
                    + "200 million weights to look at; take fewer peers or a sparser graph")
        }
        guard let violation = violation(of: property) else { return }
        let place = "topology '\(graph.name)'\(property.isOfGraph ? "" : ruleInWords)"
        throw ConfigurationError(
            key: nil,
            "\(algorithm) needs \(property.phrase), but in \(place) \(violation); \(remedy(for: property))")
    }

    private var ruleInWords: String { graph.rule.map { " with mixing '\($0.rawValue)'" } ?? "" }

    private func remedy(for property: MixingProperty) -> String {
        guard graph.rule != nil || property == .bipartite else {
            return "mend topology.matrix, or choose another topology by its name"
        }
        switch property {
        case .symmetric where graph.isDirected:
            return "choose an undirected topology, such as ring, torus or hypercube"
        case .bipartite:
            return "choose a topology such as star, chain, hypercube, or a ring of an even number of peers"
        case .constant: return "choose a topology that stays the same, such as exponential"
        case .connected: return "choose a topology such as ring"
        default:
            if !graph.isDirected { return "set topology.mixing=metropolis" }
            return SinkhornKnopp.deadEnd(in: graph.topology, peers: peers) == nil
                ? "set topology.mixing=random-doubly-stochastic"
                : "choose an undirected topology, such as ring, torus or hypercube"
        }
    }
}
