public import Configuration
import Graphs

/// EXTRA: decentralised gradient descent that is exact with a constant rate, by two mixing matrices of neighbouring
/// rounds.
///
/// Citation: W. Shi, Q. Ling, G. Wu, W. Yin, EXTRA: an exact first-order algorithm for decentralized consensus
/// optimization, SIAM Journal on Optimization 25, 2015, arXiv:1404.6264.
///
/// Update rule, with the mixing matrix W:
///
///     x^1 <- W x^0 - eta g(x^0)
///     x^{k+2} <- (I + W) x^{k+1} - (I + W)/2 x^k - eta (g(x^{k+1}) - g(x^k))
///
/// Assumptions: W symmetric, doubly stochastic and the same in every round, the graph connected. Every message arrives
/// and every peer lives: the others give up when one dies.
///
/// Departures: the step is the optimizer's, taken with the rate of its own round, whose momentum stays with the peer.
/// Written with a memory, `x^{k+1} <- W x^k + s^k - eta g(x^k)` with `s^{k+1} <- s^k + (W - I)/2 x^k`, s being 0 at
/// first, so that one vector is sent a round, and that the sum of the s stays 0 but for the rounding of small numbers
/// (`CorrectedDiffusion`).
public struct EXTRA: SynchronousRounds {
    public static let description = Description(
        name: "extra", summary: "exact decentralised descent from two rounds' mixing (Shi et al. 2015)",
        refusals: AggregationRefusal.correction)
    public static let traits = Traits(
        needs: [.symmetric, .doublyStochastic, .constant, .connected], isLockStep: true, keepsStepWithNeighbours: true,
        graphUse: .weights)
    static let loss = "the others' sum cannot be corrected without it"

    private static let step = Vector.named(0)
    private static let memory = Vector.named(1)
    private static let pulled = Vector.named(2)

    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        rounds = RoundState(setup)
    }

    var sendsFirst: Bool { true }

    mutating func combine(_ effects: inout Effects) {
        effects.direction(at: .model, along: .gradient, into: Self.step)
        mix(into: Self.pulled, onto: Term(1, Self.memory), effects: &effects)
        effects.combine(into: .model, Term(1, .model), Term(1, Self.step), Term(1, Self.pulled))
        effects.combine(into: Self.memory, Term(0.5, Self.memory), Term(0.5, Self.pulled))
    }
}
