import Configuration
import Randomness

/// When a peer gossips: every so many steps, or with a chance in each.
struct ExchangeSchedule: Sendable, Codable {
    static let period = Option.optionalInteger(
        "period", in: 1 ... .max, "steps between two exchanges (tau); null: 1, or by probability where that is given")
    static let probability = Option.optionalNumber(
        "probability", in: 0...1, "chance that a step has an exchange (p), instead of a period"
    ).idle(beside: period)

    let period: UInt64
    private let probability: Double?

    init(_ options: Options) throws(ConfigurationError) {
        let period = try options.value(Self.period)
        probability = try options.value(Self.probability)
        self.period = UInt64(period ?? 1)
    }

    /// Whether the step is one with an exchange: the first is, and every tau-th after it.
    func isDue(_ step: UInt64, _ random: inout RandomStream) -> Bool {
        probability.map { random.bernoulli($0) } ?? (step % period == 0)
    }
}
