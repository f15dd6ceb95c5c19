public import Configuration
import Graphs
import Randomness

/// Low-communication training without an average over all: after many steps alone, peers meet in random pairs and each
/// takes an outer step along the pair's mean distance and towards the pair's mean model.
///
/// Citation: J. Kolehmainen, N. Blagoev, J. Donaghy, O. Ersoy, C. Nies, NoLoCo: no-all-reduce low communication
/// training method for large models, arXiv:2506.10911, 2025.
///
/// Update rule, with `theta_i` the slow model, after H steps `x_i <- optimizer(x_i, g_i(x_i))` from it, for the peers
/// of a pair drawn by a seed that all share, a peer left over being a pair by itself:
///
///     b_i <- mu b_i + lr mean over the pair of (x - theta) + lr (mean over the pair of theta - theta_i)
///     theta_i <- theta_i + b_i,  x_i <- theta_i
///
/// Assumptions: any two peers can reach each other; the graph is not used. Both of a pair wait for each other.
///
/// The outer momentum must be smaller than DiLoCo's, since pairs agree less than all do: with lr = 0.7 and mu = 0.9
/// the models of 8 peers and more drift apart without end even where gradients are 0. The defaults, mu = 0.5 and
/// H = 50, are those of the published code.
///
/// Departures: both terms have the same coefficient lr, as in the published code; the paper has one of its own for the
/// second. A peer whose partner is dead steps by itself.
public struct NoLoCo: SynchronousRounds {
    static let period = Option.integer("period", default: 50, in: 1 ... .max, "inner steps of a period (H)")
    static let outerMomentum = Option.number(
        "outer_momentum", default: 0.5, in: 0...1, "share of the outer momentum that survives a period (mu)")

    public static let description = Description(
        name: "noloco", summary: "many steps alone, then outer steps in random pairs (Kolehmainen et al. 2025)",
        options: [period.description, DiLoCo.outerLearningRate.description, outerMomentum.description])
    public static let traits = Traits(faultTolerance: .crash, isLockStep: true)

    private static let outer = Vector.named(0)
    private static let distance = Vector.named(1)
    private static let momentum = Vector.named(2)
    private static let meanOuter = Vector.named(3)
    private static let meanDistance = Vector.named(4)

    private let seed: UInt64
    private let outerRate: Double
    private let mu: Double
    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        seed = setup.seed
        outerRate = try options.value(DiLoCo.outerLearningRate)
        mu = try options.value(Self.outerMomentum)
        rounds = RoundState(setup, stepsPerRound: try options.value(Self.period), vectors: 2)
    }

    var sent: [Vector] { [Self.outer, Self.distance] }
    var receivers: [PeerID] { partner.map { [$0] } ?? [] }
    var row: [MixingWeight] { rounds.halves(with: partner) }

    /// The other peer of this round's pair.
    private var partner: PeerID? {
        let order = SharedDraw(seed: seed, round: rounds.number).permutation(of: rounds.mixing.peers)
        guard let place = order.firstIndex(of: rounds.me.rawValue), order.indices.contains(place ^ 1) else {
            return nil
        }
        return PeerID(order[place ^ 1])
    }

    mutating func prepare(_ effects: inout Effects) {
        if rounds.isInFirstStep { effects.combine(into: Self.outer, Term(1, .model)) }
    }

    mutating func adapt(_ effects: inout Effects) {
        effects.update()
        guard rounds.isInLastStepOfRound else { return }
        effects.combine(into: Self.distance, Term(1, .model, minus: Self.outer))
    }

    mutating func combine(_ effects: inout Effects) {
        mix(0, into: Self.meanOuter, effects: &effects)
        mix(1, into: Self.meanDistance, effects: &effects)
        effects.combine(
            into: Self.momentum, Term(mu, Self.momentum), Term(outerRate, Self.meanDistance),
            Term(outerRate, Self.meanOuter, minus: Self.outer))
        effects.combine(into: Self.outer, Term(1, Self.outer), Term(1, Self.momentum))
        effects.combine(into: .model, Term(1, Self.outer))
    }
}
