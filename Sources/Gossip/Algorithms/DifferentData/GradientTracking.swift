public import Configuration
import Graphs

/// Decentralised SGD with gradient tracking: each peer keeps an estimate of all peers' mean gradient, mixes it as it
/// mixes the model, and steps along it, so that peers with different data still agree on the optimum.
///
/// Citation: A. Koloskova, T. Lin, S. U. Stich, An improved analysis of gradient tracking for decentralized machine
/// learning, NeurIPS 2021, arXiv:2202.03836; P. Di Lorenzo, G. Scutari, NEXT, IEEE Transactions on Signal and
/// Information Processing over Networks 2, 2016.
///
/// Update rule, with the mixing matrix W and `y_i = g_i(x_i)` at first:
///
///     x_i <- sum over j of W_ij (x_j - eta y_j)
///     y_i <- sum over j of W_ij y_j + g_i(x_i) - (the peer's gradient before)
///
/// The mean of the y stays the mean of the last gradients. Weight decay is part of the gradient.
///
/// Assumptions: W doubly stochastic and the graph connected. Every message arrives and every peer lives: the mean of
/// the y cannot be fixed by one peer alone, so when one dies the others give up.
///
/// Departures: the step along y is the optimizer's, whose momentum stays with the peer.
public struct GradientTracking: SynchronousRounds {
    public static let description = Description(
        name: "gradient-tracking", summary: "DSGT: steps along a tracked mean gradient (Koloskova et al. 2021)",
        refusals: AggregationRefusal.correction)
    public static let traits = Traits(
        needs: [.doublyStochastic, .connected], isLockStep: true, keepsStepWithNeighbours: true, readsGradient: true,
        graphUse: .weights, compression: .replicas)

    private static let tracker = Vector.named(0)
    private static let lastGradient = Vector.named(1)
    private static let stepped = Vector.named(2)

    static let loss = "the tracked mean gradient with it"

    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        rounds = RoundState(setup, vectors: 2)
    }

    var sent: [Vector] { [Self.stepped, Self.tracker] }

    /// Brings the tracked gradient up to date. Both vectors that are read here for the first time are zero.
    mutating func adapt(_ effects: inout Effects) {
        effects.combine(
            into: Self.tracker, Term(1, Self.tracker), Term(1, .gradient), Term(-1, Self.lastGradient))
        effects.combine(into: Self.lastGradient, Term(1, .gradient))
        effects.direction(at: .model, along: Self.tracker, into: Self.stepped)
        effects.combine(into: Self.stepped, Term(1, .model), Term(1, Self.stepped))
    }

    mutating func combine(_ effects: inout Effects) {
        mix(0, into: .model, effects: &effects)
        mix(1, into: Self.tracker, effects: &effects)
    }
}
