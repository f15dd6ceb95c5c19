public import Configuration
import Graphs

/// Exact diffusion: D2 with a matrix that is safe on every graph.
///
/// Citation: K. Yuan, B. Ying, X. Zhao, A. H. Sayed, Exact diffusion for distributed optimization and learning, IEEE
/// Transactions on Signal Processing 67, 2019, arXiv:1702.05122.
///
/// Update rule, with `psi^0 = x^0`:
///
///     psi^{k+1} <- x^k - eta g(x^k)
///     x^{k+1} <- (I + W)/2 (psi^{k+1} + x^k - psi^k)
///
/// Assumptions: W symmetric, doubly stochastic and the same in every round, the graph connected. Every message arrives
/// and every peer lives: the others give up when one dies.
///
/// Departures: the step is the optimizer's, whose momentum stays with the peer.
public struct ExactDiffusion: CorrectedDiffusion {
    public static let description = Description(
        name: "exact-diffusion", summary: "D2 with (I + W)/2, safe on every graph (Yuan et al. 2019)",
        refusals: AggregationRefusal.correction)
    public static let traits = Traits(
        needs: [.symmetric, .doublyStochastic, .constant, .connected], isLockStep: true, keepsStepWithNeighbours: true,
        graphUse: .weights)

    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        rounds = RoundState(setup)
    }

    /// A row of (I + W)/2.
    var row: [MixingWeight] {
        let me = rounds.me
        let halves = rounds.mixing.row(of: me, round: rounds.number).map {
            MixingWeight(peer: $0.peer, weight: $0.weight / 2 + ($0.peer == me ? 0.5 : 0))
        }
        if halves.contains(where: { $0.peer == me }) { return halves }
        return (halves + [MixingWeight(peer: me, weight: 0.5)]).sorted { $0.peer < $1.peer }
    }
}
