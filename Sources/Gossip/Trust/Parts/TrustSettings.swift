import Configuration

/// How peers judge each other: `algorithm.trust`.
struct TrustSettings: Sendable, Hashable, Codable {
    let aspects: [TrustAspect]
    let window: Int
    let forgetting: Double
    let threshold: Double
    let rest: UInt64
    let reach: Double
    let deviation: Double
    let patience: Double

    private static let aspects = Option<[TrustAspect]>.choices(
        "aspects", default: [.intact, .near],
        "what neighbours are judged by; in-time depends on clocks, useful needs samples for validation")
    private static let window = Option.integer(
        "window", default: 20, in: 1...1000, "last observations of a neighbour that count")
    private static let forgetting = Option.number(
        "forgetting", default: 0.95, in: .leastNonzeroMagnitude...1,
        "what an observation counts, relative to the next one (f)")
    private static let threshold = Option.number(
        "threshold", default: 0.3, in: 0...0.49, "trust below which an edge rests; a stranger has 0.5")
    private static let rest = Option.integer(
        "rest", default: 16, in: 1...1_000_000, "rounds of an edge's first rest; each further one is twice as long")
    private static let reach = Option.number(
        "reach", default: 2.5, in: 1...1_000_000, "a near model is at most so many median distances away")
    private static let deviation = Option.number(
        "deviation", default: 0.3, in: 0...1, "referrals further than this from one's own estimate are not believed")
    private static let patience = Option.number(
        "patience", default: 2, in: 0...1_000_000, "in time is who comes within so many of one's own gradients")

    private static let options = [
        aspects.description, window.description, forgetting.description, threshold.description, rest.description,
        reach.description, deviation.description, patience.description,
    ]

    /// The key of algorithms whose peers may judge their neighbours.
    static let option = Option.options(
        "trust", options, "how neighbours are judged and weighed by what they do; null: all alike")

    init(_ options: Options) throws(ConfigurationError) {
        do throws(ConfigurationError) {
            aspects = TrustAspect.allCases.filter(Set(try options.value(Self.aspects)).contains)
            window = try options.value(Self.window)
            forgetting = try options.value(Self.forgetting)
            threshold = try options.value(Self.threshold)
            rest = UInt64(try options.value(Self.rest))
            reach = try options.value(Self.reach)
            deviation = try options.value(Self.deviation)
            patience = try options.value(Self.patience)
        } catch {
            throw ConfigurationError(
                key: ["trust", error.key].compactMap(\.self).joined(separator: "."), error.message)
        }
        guard !aspects.isEmpty else {
            throw ConfigurationError(
                key: "trust.aspects",
                "nobody can be judged by nothing; name one of "
                    + TrustAspect.allCases.map(\.rawValue).joined(separator: ", ") + ", or set trust to null")
        }
    }

    /// What is set below `trust`; nil where all neighbours are trusted alike.
    static func chosen(_ options: Options) throws(ConfigurationError) -> TrustSettings? {
        guard let chosen = try options.value(option) else { return nil }
        return try TrustSettings(chosen)
    }
}
