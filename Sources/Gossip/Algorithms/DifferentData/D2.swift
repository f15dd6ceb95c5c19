public import Configuration
import Graphs

/// D2: decentralised SGD that takes out the variance among the peers' data by remembering the step before.
///
/// Citation: H. Tang, X. Lian, M. Yan, C. Zhang, J. Liu, D2: decentralized training over decentralized data, ICML 2018,
/// arXiv:1803.07068.
///
/// Update rule, with the mixing matrix W and `x^1 = W (x^0 - eta g^0)`:
///
///     x^{k+1} <- W (2 x^k - x^{k-1} - eta_k g^k + eta_{k-1} g^{k-1})
///
/// Assumptions: W symmetric, doubly stochastic and the same in every round, the graph connected, and no eigenvalue of W
/// at or below -1/3, where the rule diverges; an even ring with weights of 1/3 has that one exactly. Every message
/// arrives and every peer lives: the others give up when one dies.
///
/// Departures: written with a correction instead of two old vectors (`CorrectedDiffusion`), and the step is the
/// optimizer's, whose momentum stays with the peer.
public struct D2: CorrectedDiffusion {
    public static let description = Description(
        name: "d2", summary: "D-PSGD corrected for different data, W above -1/3 (Tang et al. 2018)",
        refusals: AggregationRefusal.correction)
    public static let traits = Traits(
        needs: [.symmetric, .doublyStochastic, .constant, .connected], isLockStep: true, keepsStepWithNeighbours: true,
        graphUse: .weights)

    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        rounds = RoundState(setup)
        let least = setup.mixing.leastEigenvalue
        guard least > -1 / 3.0 + 1e-9 else {
            throw ConfigurationError(
                key: "name",
                "d2 diverges where W has an eigenvalue of -1/3 or less, and in topology '\(setup.mixing.graph.name)' "
                    + "the least is \(least); choose exact-diffusion, or give peers' own values more weight "
                    + "(topology.mixing=lazy)")
        }
    }
}
