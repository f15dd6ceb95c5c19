import Configuration

/// Krum: the vector with the least sum of squared distances to its m - b - 2 nearest others; multi-Krum: the mean of
/// the q best.
///
/// P. Blanchard, E. M. El Mhamdi, R. Guerraoui, J. Stainer, Machine learning with adversaries: Byzantine tolerant
/// gradient descent, NIPS 2017, arXiv:1703.02757. It needs m >= 2b + 3 vectors; where peers have died b is lowered.
enum KrumRule {
    static let best = Option.optionalInteger(
        "best", in: 1...1_000_000, "vectors that are averaged (q); null: all but the byzantine")

    static let entry = RegistryEntry(
        "krum", "the vector to whom others are nearest (Blanchard et al. 2017)",
        options: [TrimmedMeanRule.byzantine.description, AggregationRules.bucket.description],
        make: AggregationRules.Maker { options, fewest throws(ConfigurationError) in
            .krum(byzantine: try byzantine(options, fewest, "krum"), best: 1)
        })

    static let multiEntry = RegistryEntry(
        "multi-krum", "the mean of the vectors to whom others are nearest (Blanchard et al. 2017)",
        options: [TrimmedMeanRule.byzantine.description, best.description, AggregationRules.bucket.description],
        make: AggregationRules.Maker { options, fewest throws(ConfigurationError) in
            .krum(byzantine: try byzantine(options, fewest, "multi-krum"), best: try options.value(best))
        })

    private static func byzantine(
        _ options: Options, _ fewest: Int, _ rule: String
    ) throws(ConfigurationError) -> Int {
        let count = try options.value(TrimmedMeanRule.byzantine)
        try AggregationRules.require(
            2 * count + 3, of: fewest, by: rule, count, most: fewest < 3 ? -1 : (fewest - 3) / 2)
        return count
    }
}
