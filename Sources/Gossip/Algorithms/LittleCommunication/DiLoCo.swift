public import Configuration

/// Low-communication training: many steps alone, then one step of an outer optimizer along the mean distance that the
/// peers have come.
///
/// Citation: A. Douillard, Q. Feng, A. A. Rusu et al., DiLoCo: distributed low-communication training of language
/// models, arXiv:2311.08105, 2023.
///
/// Update rule, with `theta` the model where a period begins, after H steps `x_i <- optimizer(x_i, g_i(x_i))`:
///
///     d <- theta - (1/n) sum over j of x_j
///     b <- mu b + d
///     theta <- theta - lr (d + mu b),  x_i <- theta          Nesterov's momentum, in PyTorch's convention
///
/// The inner optimizer keeps its state, which is never averaged.
///
/// Assumptions: all peers begin with the same model and live until the end; the graph is not used.
///
/// Departures: the inner optimizer is the run's, where the paper has AdamW. Between two outer steps, and after the
/// last one of a run whose steps are no multiple of H, it is the peers' own models that are tested, and not theta. The
/// baseline that the NoLoCo code calls DiLoCo steps by a heavy ball; this one does not.
public struct DiLoCo: PeriodicAverage {
    static let period = Option.integer("period", default: 100, in: 1 ... .max, "inner steps of a period (H)")
    static let outerLearningRate = Option.number(
        "outer_learning_rate", default: 0.7, in: 0...10, "how far an outer step goes")
    static let outerMomentum = Option.number(
        "outer_momentum", default: 0.9, in: 0...1, "share of the outer momentum that survives a period (mu)")

    public static let description = Description(
        name: "diloco", summary: "many steps alone, then an outer Nesterov step (Douillard et al. 2023)",
        options: [period.description, outerLearningRate.description, outerMomentum.description],
        refusals: AggregationRefusal.sum)
    public static let traits = Traits(isLockStep: true, stepsFirst: true)

    private static let outer = Vector.named(0)
    private static let momentum = Vector.named(1)

    private let outerRate: Double
    private let mu: Double
    var periods: Periods

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        outerRate = try options.value(Self.outerLearningRate)
        mu = try options.value(Self.outerMomentum)
        periods = Periods(setup, length: try options.value(Self.period))
    }

    mutating func begin(_ effects: inout Effects) {
        effects.combine(into: Self.outer, Term(1, .model))
    }

    mutating func step(_ effects: inout Effects) {
        effects.combine(into: Self.momentum, Term(mu, Self.momentum), Term(1, Self.outer, minus: .model))
        effects.combine(
            into: .model, Term(1, Self.outer), Term(-outerRate * mu, Self.momentum),
            Term(-outerRate, Self.outer, minus: .model))
        effects.combine(into: Self.outer, Term(1, .model))
    }
}
