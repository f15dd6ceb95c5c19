public import Configuration

/// Local SGD, also called periodic averaging and PerSyn: every peer learns for itself, and every so often all take the
/// exact average of their models.
///
/// Citation: S. U. Stich, Local SGD converges fast and communicates little, ICLR 2019, arXiv:1805.09767; as PerSyn in
/// M. Blot, D. Picard, M. Cord, N. Thome, Gossip training for deep learning, arXiv:1611.09726, 2016.
///
/// Update rule: `x_i <- optimizer(x_i, g_i(x_i))`, and after every tau-th step `x_i <- (1/n) sum over j of x_j`.
///
/// Assumptions: all peers live until the end; the graph is not used.
///
/// Departures: the average goes round a ring instead of through a master. The optimizer's momentum is not averaged. By
/// another rule than the mean (`aggregation`) everybody sends its model to everybody.
public struct LocalSGD: Algorithm {
    static let period = Option.integer("period", default: 10, in: 1 ... .max, "steps between two averages (tau, H)")

    public static let description = Description(
        name: "local-sgd", summary: "learns alone, and averages all models now and then (Stich 2019)",
        options: [period.description, AggregationRules.option.description])
    public static let traits = Traits(isLockStep: true, stepsFirst: true)

    private var role: Role

    private enum Role: Sendable, Codable {
        case summed(ModelAverage)
        case exchanged(ModelExchange)
    }

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        let exchange = try ModelExchange(setup, options: options)
        role =
            exchange.rounds.aggregation == nil
            ? .summed(try ModelAverage(setup, options: options)) : .exchanged(exchange)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch role {
        case .summed(var average):
            average.handle(event, now: now, &effects)
            role = .summed(average)
        case .exchanged(var exchange):
            exchange.handle(event, now: now, &effects)
            role = .exchanged(exchange)
        }
    }
}

/// `LocalSGD` by the exact average, in which nobody sees another's model.
struct ModelAverage: PeriodicAverage {
    static let description = LocalSGD.description
    static let traits = LocalSGD.traits

    var periods: Periods

    init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        periods = Periods(setup, length: try options.value(LocalSGD.period))
    }

    mutating func step(_ effects: inout Effects) {}
}
