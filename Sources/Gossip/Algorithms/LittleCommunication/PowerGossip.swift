public import Configuration
import Graphs
import Randomness

/// PowerGossip: two neighbours average their models along a few directions, those in which they differ most, which a
/// power iteration on their difference finds as training goes on.
///
/// Citation: T. Vogels, S. P. Karimireddy, M. Jaggi, Practical low-rank communication compression in decentralized deep
/// learning, NeurIPS 2020, arXiv:2008.01425; code: github.com/epfml/powergossip.
///
/// Update rule, for each edge (i, j), i > j, and each matrix X of the model; Q has orthonormal columns:
///
///     X_i <- optimizer(X_i, g_i)
///     P <- (X_i - X_j) Q                  each end sends its own product
///     X_i <- X_i - W_ij P Q^T,  X_j <- X_j + W_ij P Q^T
///     Q <- orthonormalised P              the next exchange multiplies the transposed matrices
///
/// Tensors with one dimension are averaged as D-PSGD does it. A message has rank x (rows or columns) numbers a matrix.
///
/// Assumptions: W symmetric and doubly stochastic, the graph connected; the mean of all models then moves by gradients
/// alone. Nothing is to be tuned: there is no rate of consensus.
///
/// Departures: the first round sends too, since models need not begin equal. A direction in which two models are equal
/// is drawn again from the edge's seed. A matrix whose factors would be no smaller than itself goes as it is. An edge
/// ends with a peer that dies: its weight goes to the other's own model.
public struct PowerGossip: SynchronousRounds {
    private static let rank = Option.integer(
        "rank", default: 2, in: 1...1024, "Directions of each matrix that neighbours average along in a round")
    public static let description = Description(
        name: "powergossip",
        summary: "PowerGossip: averages with the neighbours along few directions (Vogels et al. 2020)",
        options: [rank.description])
    public static let traits = Traits(
        faultTolerance: .crash, needs: [.symmetric, .doublyStochastic, .connected], isLockStep: true,
        keepsStepWithNeighbours: true, graphUse: .weights, sendsProducts: true)

    private let factoring: Factoring
    private let seed: UInt64
    var rounds: RoundState
    /// Whom this peer has sent a product in the last exchange.
    private var partners: [PeerID] = []

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        factoring = Factoring(rank: try options.value(Self.rank), tensors: setup.tensors)
        seed = setup.seed
        rounds = RoundState(setup)
    }

    mutating func adapt(_ effects: inout Effects) { effects.update() }

    mutating func send(_ effects: inout Effects) {
        let metadata = Metadata(round: rounds.number, tag: 0, weight: 0)
        partners = rounds.exchanges[0].absentPeers.present(receivers)
        for peer in partners {
            effects.sendProduct(.model, factoring, seed: seed(of: peer), metadata: metadata, to: peer)
        }
    }

    /// What both ends of the edge to a peer draw its first factors from.
    private func seed(of peer: PeerID) -> UInt64 {
        let ends = [rounds.me.rawValue, peer.rawValue].sorted()
        var stream = RandomStream(seed: seed, purpose: .algorithm, peer: ends[0], round: UInt64(ends[1]))
        return stream.next()
    }

    mutating func combine(_ effects: inout Effects) {
        let arrivals = rounds.exchanges[0].take(rounds.number)
        // Of one that died before it was sent anything there is no difference.
        let terms = row.filter { partners.contains($0.peer) }.compactMap { entry in
            arrivals.first { $0.sender == entry.peer }.map { ProductTerm(entry.weight, $0.payload, of: entry.peer) }
        }
        if !terms.isEmpty { effects.mixProducts(into: .model, factoring, terms) }
        effects.release(arrivals)
    }
}
