import Configuration
import Gossip

/// Faults that a seed draws: moments as those of a Poisson process, kinds with equal chances, and such that about one
/// holds at a time.
public struct RandomFaults: Sendable, Hashable {
    /// What all draws depend on: the same seed gives the same faults.
    public let seed: UInt64
    /// Faults in an hour, on average.
    public let perHour: Double
    /// What may be drawn, in the order of `Fault.Kind.allCases`.
    public let kinds: [Fault.Kind]

    /// Every kind that can be drawn. Who joins or leaves is a matter of the run and not of chance.
    public static let allKinds = Fault.Kind.allCases.filter { ![.random, .join, .leave].contains($0) }

    /// Kinds are put in the order of `Fault.Kind.allCases`, each once; a rate out of range is refused by the list.
    public init(seed: UInt64, perHour: Double, kinds: [Fault.Kind] = RandomFaults.allKinds) {
        self.seed = seed
        self.perHour = perHour
        self.kinds = Fault.Kind.allCases.filter(kinds.contains)
    }

    /// What is wrong with the numbers; nil where nothing is.
    var problem: String? {
        if !Self.rates.contains(perHour) { return "per_hour is \(perHour), not a number above 0 and at most 1000000" }
        return kinds.isEmpty || kinds.contains(.random) ? "random needs kinds of faults to draw from" : nil
    }

    private static let rates = Double.leastNonzeroMagnitude...1e6
}

extension RandomFaults: CustomStringConvertible {
    /// The table as it stands in a fault list.
    public var description: String {
        let kinds = kinds == Self.allKinds ? "" : ", kinds: [" + kinds.map(\.rawValue).joined(separator: ", ") + "]"
        return "{seed: \(seed), per_hour: \(perHour.plain)\(kinds)}"
    }

    /// Reads the table behind `random:`.
    init(_ value: OptionValue) throws(ConfigurationError) {
        let sample = "a table such as {seed: 1, per_hour: 60}"
        guard case .table(let fields) = value else {
            throw ConfigurationError(key: nil, "random is \(value.written), not \(sample)")
        }
        for key in fields.keys.sorted() where !["seed", "per_hour", "kinds"].contains(key) {
            throw ConfigurationError(key: nil, unknown("key", key, known: ["seed", "per_hour", "kinds"]))
        }
        guard let seed = fields["seed"], let perHour = fields["per_hour"] else {
            let missing = fields["seed"] == nil ? "seed" : "per_hour"
            throw ConfigurationError(key: nil, "random is \(value.written) and lacks '\(missing)'; it is \(sample)")
        }
        guard let number = seed.asInteger, number >= 0 else {
            throw ConfigurationError(key: nil, "seed is \(seed.written), not a whole number of at least 0")
        }
        guard let rate = perHour.asNumber else {
            throw ConfigurationError(
                key: nil, "per_hour is \(perHour.written), not a number above 0 and at most 1000000")
        }
        self.init(
            seed: UInt64(number), perHour: rate, kinds: try fields["kinds"].map(Self.kinds) ?? Self.allKinds)
    }

    private static func kinds(_ value: OptionValue) throws(ConfigurationError) -> [Fault.Kind] {
        let names = allKinds.map(\.rawValue)
        guard case .list(let items) = value, !items.isEmpty else {
            throw ConfigurationError(key: nil, "kinds is \(value.written), not a list such as [drop, pause]")
        }
        var kinds: [Fault.Kind] = []
        for item in items {
            guard case .text(let name) = item, names.contains(name), let kind = Fault.Kind(rawValue: name) else {
                throw ConfigurationError(key: nil, unknown("fault", item.written, known: names))
            }
            kinds.append(kind)
        }
        return kinds
    }
}
