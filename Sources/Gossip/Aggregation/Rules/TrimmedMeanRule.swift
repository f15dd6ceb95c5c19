import Configuration

/// The trimmed mean: in each coordinate the b greatest and the b least numbers are dropped.
///
/// D. Yin, Y. Chen, K. Ramchandran, P. Bartlett, Byzantine-robust distributed learning: towards optimal statistical
/// rates, ICML 2018, arXiv:1803.01498. It needs m > 2b vectors; where peers have died b is lowered.
enum TrimmedMeanRule {
    static let byzantine = Option.integer(
        "byzantine", default: 1, in: 0...1_000_000, "vectors that may be byzantine in a row (b)")

    static let entry = RegistryEntry(
        "trimmed-mean", "drops the greatest and least in each coordinate (Yin et al. 2018)",
        options: [byzantine.description, AggregationRules.bucket.description],
        make: AggregationRules.Maker { options, fewest throws(ConfigurationError) in
            let count = try options.value(byzantine)
            try AggregationRules.require(2 * count + 1, of: fewest, by: "trimmed-mean", count, most: (fewest - 1) / 2)
            return .trimmedMean(byzantine: count)
        })
}
