import Configuration

/// The median of each coordinate; of an even number of vectors the mean of the two in the middle.
///
/// D. Yin, Y. Chen, K. Ramchandran, P. Bartlett, Byzantine-robust distributed learning: towards optimal statistical
/// rates, ICML 2018, arXiv:1803.01498.
enum MedianRule {
    static let entry = RegistryEntry(
        "median", "the median of each coordinate (Yin et al. 2018)",
        options: [AggregationRules.bucket.description], make: AggregationRules.Maker { _, _ in .median })
}
