public import Configuration
import Graphs

/// RelaySGD: on a tree, sums of models are handed on from neighbour to neighbour, so that every peer averages all
/// models uniformly, each as old as its way is long.
///
/// Citation: T. Vogels, L. He, A. Koloskova, T. Lin, S. P. Karimireddy, S. U. Stich, M. Jaggi, RelaySum for
/// decentralized deep learning on heterogeneous data, NeurIPS 2021, arXiv:2110.04175.
///
/// Update rule for peer i of n, its neighbours in the tree being N_i, with m and c zero at first:
///
///     h <- optimizer(x, g(x))
///     send to each j in N_i:   m_ij = h + sum over l in N_i but j of m_li,  c_ij = 1 + sum over the same of c_li
///     N <- sum over j of c_ji
///     x <- ((n - N) h + sum over j of m_ji) / n                           missing: own, as in the paper
///     x <- (h + sum over j of m_ji + (n - 1 - N) x_0) / n                 missing: start, as in the released code
///
/// where the m_li to be sent are those of the round before, and those to be added of this one.
///
/// Assumptions: any two neighbours of the tree can reach each other; the graph is not used. Every peer lives: without
/// one the tree falls apart, and the others give up.
///
/// Departures: two binary trees carry a half of the model each, which is what the released code's turns between
/// parameters come to. What is sent is the mean `m / c` beside its count c, not the sum m: the same number of bytes and
/// the same models, but equal models then stay equal to the bit.
public struct RelaySGD: SynchronousRounds {
    enum Tree: String, CaseIterable, Codable, Sendable {
        case chain, binary
        case doubleBinary = "double-binary"
    }

    enum Missing: String, CaseIterable, Codable, Sendable { case own, start }

    static let tree = Option<Tree>.choice("tree", default: .chain, "along which tree models are relayed")
    static let missing = Option<Missing>.choice(
        "missing", default: .own, "what stands in for models that have not come yet: the peer's own, or the start's")

    public static let description = Description(
        name: "relaysgd", summary: "relays sums along a tree: all models, some of them old (Vogels et al. 2021)",
        options: [tree.description, missing.description],
        refusals: AggregationRefusal.correction)
    public static let traits = Traits(isLockStep: true)
    static let loss = "the tree falls apart without it"

    private static let start = Vector.named(0)
    private static let relayed = Vector.named(1)

    private let trees: [RelayTree]
    private let missing: Missing
    var rounds: RoundState
    /// What came in the round before, tree for tree.
    private var last: [[NeighbourExchange.Arrival]]

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        let (me, peers) = (setup.me, setup.peers)
        trees =
            switch try options.value(Self.tree) {
            case .chain: [.chain(me, of: peers)]
            case .binary: [.binary(me, of: peers)]
            case .doubleBinary: [.binary(me, of: peers), .binary(me, of: peers, isMirrored: true)]
            }
        missing = try options.value(Self.missing)
        rounds = RoundState(setup, vectors: trees.count)
        last = trees.map { _ in [] }
    }

    mutating func prepare(_ effects: inout Effects) {
        if rounds.isInFirstStep { effects.combine(into: Self.start, Term(1, .model)) }
    }

    mutating func adapt(_ effects: inout Effects) { effects.update() }

    mutating func send(_ effects: inout Effects) {
        for (index, tree) in trees.enumerated() {
            let part = Part(index, of: trees.count)
            for neighbour in tree.neighbours {
                let others = last[index].filter { $0.sender != neighbour }
                let count = others.reduce(1) { $0 + $1.weight }
                let moves = others.map { Term($0.weight / count, .received($0.payload), minus: .model) }
                effects.combine(into: Self.relayed, part: part, [Term(1, .model, part: part)] + moves)
                rounds.exchanges[index].send(
                    Self.relayed, part: part, weight: count, to: [neighbour], round: rounds.number, &effects)
            }
        }
    }

    var isComplete: Bool {
        trees.indices.allSatisfy {
            rounds.exchanges[$0].isComplete(trees[$0].neighbours, me: rounds.me, round: rounds.number)
        }
    }

    mutating func combine(_ effects: inout Effects) {
        let peers = Double(rounds.mixing.peers)
        for index in trees.indices {
            let part = Part(index, of: trees.count)
            let arrivals = rounds.exchanges[index].take(rounds.number)
            let absent = peers - 1 - arrivals.reduce(0) { $0 + $1.weight }
            var terms = [Term(1, .model, part: part)]
            terms += arrivals.map { Term($0.weight / peers, .received($0.payload), minus: .model) }
            if missing == .start, absent > 0 {
                terms.append(Term(absent / peers, Self.start, part: part, minus: .model))
            }
            effects.combine(into: .model, part: part, terms)
            effects.release(last[index])
            last[index] = arrivals
        }
    }

    mutating func end(_ effects: inout Effects) {
        for arrivals in last { effects.release(arrivals) }
        last = trees.map { _ in [] }
    }
}
