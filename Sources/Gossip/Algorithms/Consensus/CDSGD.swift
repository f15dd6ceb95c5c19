public import Configuration
import Graphs

/// Consensus-based distributed SGD: agents on a fixed graph average with their neighbours and step along their own
/// gradients.
///
/// Citation: Z. Jiang, A. Balu, C. Hegde, S. Sarkar, Collaborative deep learning in fixed topology networks, NIPS 2017,
/// arXiv:1706.07880.
///
/// Update rule, with the agent interaction matrix Pi: `x_j <- sum over l of Pi_jl x_l - alpha g_j(x_j)`, the gradient
/// taken at the model before mixing. The iterates are those of D-PSGD in its first order.
///
/// Assumptions: Pi doubly stochastic and the graph connected; the paper's theory also wants Pi symmetric and the same
/// in every round. Every message arrives: a peer waits for all its living neighbours.
///
/// Departures: the published code steps its agents one after the other for an epoch each, with neighbours an epoch old;
/// here all mix at once, as the paper's Algorithm 1 says. The optimizer may have momentum. Where a neighbour dies, its
/// weight goes to the peer's own model.
public struct CDSGD: SynchronousRounds {
    public static let description = Description(
        name: "cdsgd", summary: "consensus and a gradient step in every round (Jiang et al. 2017)",
        options: [AggregationRules.option.description, TrustSettings.option.description])
    public static let traits = Traits(
        faultTolerance: .crash, needs: [.doublyStochastic, .connected], isLockStep: true, keepsStepWithNeighbours: true,
        graphUse: .weights, compression: .replicas)

    public static func traits(_ options: Options) -> Traits { traits.judging(options) }

    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        rounds = RoundState(
            setup, aggregation: try .ofRows(setup, options), trust: try TrustSettings.chosen(options))
    }

    var sendsFirst: Bool { true }

    mutating func combine(_ effects: inout Effects) {
        mix(into: .model, effects: &effects)
        effects.update()
    }
}
