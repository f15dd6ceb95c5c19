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
    var isOfGraph: Bool { self == .connected || self == .bipartite }

    var phrase: String {
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
    public var isRowStochastic: Bool { has(.rowStochastic) }
    public var isColumnStochastic: Bool { has(.columnStochastic) }
    public var isDoublyStochastic: Bool { has(.doublyStochastic) }
    public var isSymmetric: Bool { has(.symmetric) }
    public var isConnected: Bool { has(.connected) }
    public var hasPositiveDiagonal: Bool { has(.positiveDiagonal) }
    public var isConstant: Bool { has(.constant) }

    public func has(_ property: MixingProperty) -> Bool { violation(of: property) == nil }

    /// Where the matrix lacks the property, in words; nil where it has it.
    public func violation(of property: MixingProperty) -> String? {
        switch property {
        case .connected:
            return graph.isConnected
                ? nil : graph.firstUnreached.map { "no path leads both from peer 0 to peer \($0) and back" }
        case .bipartite:
            guard case .oddCircle(let one, let other) = graph.sides else { return nil }
            return "the edge between \(one) and \(other) closes a circle of an odd number of peers"
        case .constant:
            return period == 1 ? nil : "the weights change from round to round, and repeat after \(period) rounds"
        default: break
        }
        let found = graph.findings.violations { MixingViolations(self) }
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
        if !property.isOfGraph, property != .constant, graph.findings.violations({ MixingViolations(self) }).isUnknown {
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

/// Where a mixing matrix fails to have each property first, in words.
struct MixingViolations: Sendable {
    private(set) var negative: String?
    private(set) var row: String?
    private(set) var column: String?
    private(set) var asymmetry: String?
    private(set) var diagonal: String?

    /// Whether there are too many weights to look at.
    let isUnknown: Bool

    private static let tolerance = 1e-9

    /// Goes through the rows of a period once.
    init(_ matrix: MixingMatrix) {
        isUnknown = matrix.weightCount > MixingMatrix.weightLimit
        if isUnknown { return }
        for round in 0..<matrix.period { examine(matrix, round) }
    }

    private mutating func examine(_ matrix: MixingMatrix, _ round: UInt64) {
        let suffix = matrix.period > 1 ? " in round \(round)" : ""
        var columns = [Double](repeating: 0, count: matrix.peers)
        // W and its transpose are compared by what they make of one vector of arbitrary numbers: the time and memory of
        // the rows alone, and no two different matrices make the same of it but by an unheard-of accident.
        var random = RandomStream(seed: 1, purpose: .topology, peer: -1)
        let probe = (0..<matrix.peers).map { _ in random.uniform(from: 1, to: 2) }
        var difference = columns
        for receiver in 0..<matrix.peers {
            var sum = 0.0
            var own = 0.0
            for item in matrix.row(of: PeerID(receiver), round: round) {
                let sender = item.peer.rawValue
                sum += item.weight
                columns[sender] += item.weight
                difference[receiver] += item.weight * probe[sender]
                difference[sender] -= item.weight * probe[receiver]
                if sender == receiver { own = item.weight }
                if item.weight < 0 {
                    negative = negative ?? "receiver \(receiver) puts the weight \(item.weight) on \(sender)" + suffix
                }
            }
            if !(own > 0) {
                diagonal = diagonal ?? "peer \(receiver) gives its own value the weight \(own)" + suffix
            }
            if !(abs(sum - 1) <= Self.tolerance) {
                row = row ?? "the weights of receiver \(receiver) (row \(receiver)) sum to \(sum), not 1" + suffix
            }
        }
        for (sender, sum) in columns.enumerated() where !(abs(sum - 1) <= Self.tolerance) {
            column = column ?? "the weights on sender \(sender) (column \(sender)) sum to \(sum), not 1" + suffix
        }
        if let peer = difference.firstIndex(where: { !(abs($0) <= Self.tolerance) }) {
            asymmetry = asymmetry ?? Self.asymmetry(matrix, of: peer, round) + suffix
        }
    }

    private static func asymmetry(_ matrix: MixingMatrix, of peer: Int, _ round: UInt64) -> String {
        func weight(_ receiver: Int, _ sender: Int) -> Double {
            matrix.row(of: PeerID(receiver), round: round).first { $0.peer.rawValue == sender }?.weight ?? 0
        }
        let other = (0..<matrix.peers).max { a, b in
            abs(weight(peer, a) - weight(a, peer)) < abs(weight(peer, b) - weight(b, peer))
        }
        let one = other ?? peer
        return "peer \(peer) puts \(weight(peer, one)) on peer \(one), which puts \(weight(one, peer)) on it"
    }
}
