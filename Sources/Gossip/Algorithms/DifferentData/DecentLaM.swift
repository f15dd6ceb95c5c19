public import Configuration
import Graphs

/// DecentLaM: momentum on a gradient that has the mixing in it, which takes away the bias that momentum adds to
/// decentralised SGD with large batches.
///
/// Citation: K. Yuan, Y. Chen, X. Huang, Y. Zhang, P. Pan, Y. Xu, W. Yin, DecentLaM: decentralized momentum SGD for
/// large-batch deep training, ICCV 2021, arXiv:2104.11981.
///
/// Update rule, with the mixing matrix W and momentum mu:
///
///     d_i <- (x_i - sum over j of W_ij (x_j - eta g_j(x_j))) / eta
///     m_i <- mu m_i + d_i
///     x_i <- x_i - eta m_i
///
/// Assumptions: W symmetric and doubly stochastic and the graph connected; where W has complex eigenvalues, as on a
/// directed ring, the momentum drives the models apart without end. A peer waits for all its living neighbours. The
/// optimizer takes plain steps: one with a momentum is refused.
///
/// Departures: the model is computed without dividing by eta, as the mixed one less `eta mu m`; a rate of 0 leaves m as
/// it is. Where a neighbour dies, its weight goes to the peer's own value.
public struct DecentLaM: SynchronousRounds {
    public static let description = Description(
        name: "decentlam", summary: "D-PSGD with momentum free of its bias (Yuan et al. 2021)",
        options: [QGDSGDm.momentum.description],
        refusals: AggregationRefusal.correction)
    public static let traits = Traits(
        faultTolerance: .crash, needs: [.symmetric, .doublyStochastic, .connected], isLockStep: true,
        keepsStepWithNeighbours: true, bringsMomentum: true, graphUse: .weights, compression: .replicas)

    private static let momentum = Vector.named(0)
    private static let stepped = Vector.named(1)
    private static let mixed = Vector.named(2)

    private let mu: Double
    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        mu = try options.value(QGDSGDm.momentum)
        rounds = RoundState(setup)
    }

    var sent: [Vector] { [Self.stepped] }

    mutating func adapt(_ effects: inout Effects) {
        effects.direction(at: .model, along: .gradient, into: Self.stepped)
        effects.combine(into: Self.stepped, Term(1, .model), Term(1, Self.stepped))
    }

    mutating func combine(_ effects: inout Effects) {
        mix(into: Self.mixed, effects: &effects)
        effects.combine(into: Self.stepped, Term(1, Self.mixed), Term(-rounds.rate * mu, Self.momentum))
        if let inverseRate = rounds.inverseRate {
            effects.combine(
                into: Self.momentum, Term(mu, Self.momentum), Term(inverseRate, .model, minus: Self.mixed))
        }
        effects.combine(into: .model, Term(1, Self.stepped))
    }
}
