public import Configuration

/// Slow momentum around local SGD: the distance that all peers have come together in a period is a gradient, along
/// which a second momentum steps.
///
/// Citation: J. Wang, V. Tantia, N. Ballas, M. Rabbat, SlowMo: improving communication-efficient distributed SGD with
/// slow momentum, ICLR 2020, arXiv:1910.00643.
///
/// Update rule, with `s` the model where a period begins and eta the learning rate, after tau steps
/// `x_i <- optimizer(x_i, g_i(x_i))`:
///
///     x <- (1/n) sum over j of x_j
///     u <- beta u + (s - x) / eta
///     x <- s - alpha eta u,  s <- x          and the optimizer forgets its momentum
///
/// Assumptions: all peers begin with the same model and live until the end; the graph is not used.
///
/// Departures: where the rate changes within a period, which the paper's does not, eta is the mean of its steps' rates;
/// a period of rates of 0 leaves u as it is. The base is local SGD only.
public struct SlowMo: PeriodicAverage {
    static let period = Option.integer("period", default: 12, in: 1 ... .max, "steps between two averages (tau)")
    static let slowLearningRate = Option.number(
        "slow_learning_rate", default: 1, in: 0...10, "how far a slow step goes (alpha)")
    static let slowMomentum = Option.number(
        "slow_momentum", default: 0.5, in: 0...1, "share of the slow momentum that survives a period (beta)")

    public static let description = Description(
        name: "slowmo", summary: "slow momentum around local SGD (Wang et al. 2020)",
        options: [period.description, slowLearningRate.description, slowMomentum.description],
        refusals: AggregationRefusal.sum)
    public static let traits = Traits(isLockStep: true, stepsFirst: true)

    private static let start = Vector.named(0)
    private static let momentum = Vector.named(1)

    private let alpha: Double
    private let beta: Double
    var periods: Periods

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        alpha = try options.value(Self.slowLearningRate)
        beta = try options.value(Self.slowMomentum)
        periods = Periods(setup, length: try options.value(Self.period))
    }

    mutating func begin(_ effects: inout Effects) {
        effects.combine(into: Self.start, Term(1, .model))
    }

    mutating func step(_ effects: inout Effects) {
        let eta = periods.meanRate
        if eta >= 1e-12 {
            effects.combine(
                into: Self.momentum, Term(beta, Self.momentum), Term(1 / eta, Self.start, minus: .model))
        }
        effects.combine(into: .model, Term(1, Self.start), Term(-alpha * eta, Self.momentum))
        effects.combine(into: Self.start, Term(1, .model))
        effects.resetOptimizer()
    }
}
