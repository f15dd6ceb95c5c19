public import Configuration
import Graphs

/// Consensus-based distributed SGD with momentum: what the consensus moves is part of the momentum.
///
/// Citation: Z. Jiang, A. Balu, C. Hegde, S. Sarkar, Collaborative deep learning in fixed topology networks, NIPS 2017,
/// arXiv:1706.07880.
///
/// Update rule, with `w_j = sum over l of Pi_jl x_l` and momentum mu:
///
///     polyak:          v_j <- (w_j - x_j) + mu v_j - alpha g_j(x_j),             x_j <- x_j + v_j
///     nesterov:        v_j <- (w_j - x_j) + mu v_j - alpha g_j(x_j + mu v_j),    x_j <- x_j + v_j
///     released-code:   v_j <- mu v_j - alpha g_j(x_j),    x_j <- w_j + mu v_j - alpha g_j(x_j)
///
/// Assumptions: as for `CDSGD`, and Pi symmetric: where it has complex eigenvalues, as on a directed ring, the momentum
/// drives the models apart without end. The optimizer takes plain steps: one with a momentum is refused.
///
/// Departures: as for `CDSGD`. The third variant is what the published code does, where the consensus is no part of the
/// momentum; it is not the paper's rule.
public struct CDMSGD: SynchronousRounds {
    enum Variant: String, CaseIterable, Codable, Sendable {
        case nesterov, polyak
        case releasedCode = "released-code"
    }

    static let momentum = Option.number(
        "momentum", default: 0.95, in: 0...1, "share of the velocity that survives a step (mu)")
    static let variant = Option<Variant>.choice(
        "variant", default: .nesterov, "where the gradient is taken, and what the velocity holds")

    public static let description = Description(
        name: "cdmsgd", summary: "CDSGD with momentum (Jiang et al. 2017)",
        options: [
            momentum.description, variant.description, AggregationRules.option.description,
            TrustSettings.option.description,
        ])
    public static let traits = Traits(
        faultTolerance: .crash, needs: [.symmetric, .doublyStochastic, .connected], isLockStep: true,
        keepsStepWithNeighbours: true, bringsMomentum: true, graphUse: .weights, compression: .replicas)

    public static func traits(_ options: Options) -> Traits { traits.judging(options) }

    private static let velocity = Vector.named(0)
    private static let ahead = Vector.named(1)
    private static let step = Vector.named(2)

    private let mu: Double
    private let variant: Variant
    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        mu = try options.value(Self.momentum)
        variant = try options.value(Self.variant)
        rounds = RoundState(
            setup, aggregation: try .ofRows(setup, options), trust: try TrustSettings.chosen(options))
    }

    var sendsFirst: Bool { true }
    var point: Vector { variant == .nesterov ? Self.ahead : .model }

    mutating func prepare(_ effects: inout Effects) {
        guard variant == .nesterov else { return }
        effects.combine(into: Self.ahead, Term(1, .model), Term(mu, Self.velocity))
    }

    mutating func combine(_ effects: inout Effects) {
        effects.direction(at: point, along: .gradient, into: Self.step)
        if variant == .releasedCode {
            effects.combine(into: Self.velocity, Term(mu, Self.velocity), Term(1, Self.step))
            mix(
                into: .model, onto: Term(1, .model), Term(mu, Self.velocity), Term(1, Self.step), effects: &effects)
        } else {
            mix(into: Self.velocity, onto: Term(mu, Self.velocity), Term(1, Self.step), effects: &effects)
            effects.combine(into: .model, Term(1, .model), Term(1, Self.velocity))
        }
    }
}
