import Configuration
import Graphs
import Randomness

/// How a peer mixes by a rule other than the mean, and what it remembers of that.
///
/// The own vector's weight is what the others leave of 1, as it is where a dead neighbour's weight goes to it.
struct Aggregation: Sendable, Codable {
    /// What a rule with a memory gave in the round before.
    private static let memory = Vector.named(17)
    /// What a rule gives where it is not the new value itself.
    private static let scratch = Vector.named(18)

    private let rule: AggregationRule
    private let bucket: Int
    private let seed: UInt64
    private let me: PeerID
    private var remembers = false

    /// What the options choose; nil for the mean.
    ///
    /// - Parameters:
    ///   - others: How many vectors come for a row at the least.
    ///   - own: 1 where the own vector is one of those that are mixed, else 0.
    static func make(
        _ setup: Setup, _ options: Options, others: Int, own: Int = 1
    ) throws(ConfigurationError) -> Aggregation? {
        let chosen = try options.value(AggregationRules.option)
        return try inSection(AggregationRules.option.description.name) { () throws(ConfigurationError) in
            let maker = try AggregationRules.registry.make(chosen.name, chosen.options)
            let bucket = try chosen.options.value(AggregationRules.bucket)
            let fewest = (others + bucket - 1) / bucket + own
            guard let rule = try maker.make(chosen.options, fewest) else { return nil }
            return Aggregation(rule, bucket: bucket, setup)
        }
    }

    /// The same for rows of the mixing matrix.
    static func ofRows(_ setup: Setup, _ options: Options) throws(ConfigurationError) -> Aggregation? {
        let counts = (0..<setup.mixing.period).map { round in
            setup.mixing.row(of: setup.me, round: round).filter { $0.peer != setup.me }.count
        }
        return try make(setup, options, others: counts.min() ?? 0)
    }

    private init(_ rule: AggregationRule, bucket: Int, _ setup: Setup) {
        self.rule = rule
        self.bucket = bucket
        seed = setup.seed
        me = setup.me
    }

    /// `target <- sum of the terms + (what the rule makes of the own vector and the others - own)`.
    ///
    /// - Parameters:
    ///   - others: Received vectors with their weights, in the order of the peers.
    ///   - round: What the random buckets go by.
    mutating func mix(
        into target: Vector, _ terms: [Term], own: Vector, _ others: [Term], round: UInt64, _ effects: inout Effects
    ) {
        let left = 1 - others.reduce(0) { $0 + $1.weight }
        if rule.hasMemory, !remembers {
            effects.combine(into: Self.memory, Term(1, own))
            remembers = true
        }
        // What rounding leaves of nothing is nothing.
        let ownTerm = Term(abs(left) > 1e-12 ? left : 0, own)
        let isWhole = target == own && terms == [Term(1, own)]
        let result = isWhole ? target : Self.scratch
        effects.aggregate(
            into: result, by: rule, own: ownTerm, buckets(others, round), memory: rule.hasMemory ? Self.memory : nil)
        if !isWhole { effects.combine(into: target, terms + [Term(1, result, minus: own)]) }
    }

    private func buckets(_ others: [Term], _ round: UInt64) -> [[Term]] {
        guard bucket > 1 else { return others.map { [$0] } }
        var random = RandomStream(seed: seed, purpose: .aggregation, peer: me.rawValue, round: round)
        let order = random.permutation(of: others.count).map { others[$0] }
        return stride(from: 0, to: order.count, by: bucket).map { Array(order[$0..<min($0 + bucket, order.count)]) }
    }
}
