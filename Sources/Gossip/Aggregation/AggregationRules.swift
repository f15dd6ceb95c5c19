import Configuration

/// Every rule there is by which rows are mixed. A new one adds its file, its line here, and what carries it out in
/// `Runtime`.
enum AggregationRules {
    /// How a rule is made of its options.
    struct Maker: Sendable {
        /// Throws for options that cannot be where a row may have so few vectors, the own one among them; nil: the
        /// mean.
        let make: @Sendable (_ options: Options, _ fewest: Int) throws(ConfigurationError) -> AggregationRule?
    }

    static let registry = Registry<Maker>(
        "rule",
        [
            RegistryEntry("mean", "the weighted mean, which believes everything", make: Maker { _, _ in nil }),
            ClippedRule.entry, TrimmedMeanRule.entry, MedianRule.entry, GeometricMedianRule.entry, KrumRule.entry,
            KrumRule.multiEntry, CentredClippingRule.entry, UBARRule.entry,
        ])

    static let option = Option<NamedOptions>.named(
        "aggregation", registry.descriptions, default: "mean",
        "how a peer makes one vector of its own and its neighbours'")

    /// How many vectors are averaged before a rule sees them.
    static let bucket = Option.integer(
        "bucket", default: 1, in: 1...64, "vectors that are averaged at random before the rule sees them (s)")

    /// The rule that the options choose; nil for the mean. Options that cannot be read choose nothing.
    static func isScored(_ options: Options) -> Bool {
        (try? options.value(option))?.name == UBARRule.name
    }

    /// Throws for more byzantine peers than a row can outvote: it needs `wanted` vectors.
    static func require(
        _ wanted: Int, of fewest: Int, by rule: String, _ byzantine: Int, most: Int
    ) throws(ConfigurationError) {
        guard fewest < wanted else { return }
        let remedy =
            most < 0
            ? "choose another rule, such as median, or a topology with more neighbours"
            : "take byzantine=\(most) at the most, or a topology with more neighbours"
        throw ConfigurationError(
            key: "byzantine",
            "\(rule) with byzantine=\(byzantine) needs \(wanted) vectors in each row, and here some rows have "
                + "\(fewest), the peer's own among them; \(remedy)")
    }
}
