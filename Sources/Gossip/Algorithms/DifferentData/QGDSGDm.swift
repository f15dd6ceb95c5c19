public import Configuration
import Graphs

/// Quasi-global momentum: the momentum is made of what became of the model after mixing, so that it points where all
/// peers go and not where one peer's data draws it.
///
/// Citation: T. Lin, S. P. Karimireddy, S. U. Stich, M. Jaggi, Quasi-global momentum: accelerating decentralized deep
/// learning on heterogeneous data, ICML 2021, arXiv:2102.04761.
///
/// Update rule, with the mixing matrix W and momentum mu:
///
///     h_i <- x_i - eta (mu m_i + g_i(x_i))
///     x_i <- sum over j of W_ij h_j
///     m_i <- mu m_i + (1 - mu) (x_i before - x_i) / eta
///
/// Assumptions: W symmetric and doubly stochastic and the graph connected; where W has complex eigenvalues, as on a
/// directed ring, the momentum drives the models apart without end. A peer waits for all its living neighbours. The
/// optimizer takes plain steps: one with a momentum is refused.
///
/// Departures: a rate of 0 leaves m as it is. Where a neighbour dies, its weight goes to the peer's own model.
public struct QGDSGDm: SynchronousRounds {
    static let momentum = Option.number(
        "momentum", default: 0.9, in: 0...1, "share of the momentum that survives a round (mu)")

    public static let description = Description(
        name: "qg-dsgdm", summary: "D-PSGD with quasi-global momentum (Lin et al. 2021)",
        options: [momentum.description, AggregationRules.option.description, TrustSettings.option.description])
    public static let traits = Traits(
        faultTolerance: .crash, needs: [.symmetric, .doublyStochastic, .connected], isLockStep: true,
        keepsStepWithNeighbours: true, bringsMomentum: true, readsGradient: true, graphUse: .weights,
        compression: .replicas)

    public static func traits(_ options: Options) -> Traits { traits.judging(options) }

    private static let velocity = Vector.named(0)
    private static let before = Vector.named(1)

    private let mu: Double
    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        mu = try options.value(Self.momentum)
        rounds = RoundState(
            setup, aggregation: try .ofRows(setup, options), trust: try TrustSettings.chosen(options))
    }

    mutating func adapt(_ effects: inout Effects) {
        effects.combine(into: Self.before, Term(1, .model))
        effects.combine(into: .gradient, Term(1, .gradient), Term(mu, Self.velocity))
        effects.update()
    }

    mutating func combine(_ effects: inout Effects) {
        mix(into: .model, effects: &effects)
        guard let inverseRate = rounds.inverseRate else { return }
        let share = (1 - mu) * inverseRate
        effects.combine(into: Self.velocity, Term(mu, Self.velocity), Term(share, Self.before, minus: .model))
    }
}
