import Configuration

/// The geometric median by smoothed Weiszfeld steps: `z <- sum of w_k x_k / sum of w_k` with
/// `w_k = a_k / max(|z - x_k|, nu)`, a_k the row's weights.
///
/// K. Pillutla, S. M. Kakade, Z. Harchaoui, Robust aggregation for federated learning, IEEE Transactions on Signal
/// Processing 70, 2022, arXiv:1912.13445. It begins at the median of each coordinate, and not at 0 as in the paper:
/// models are far from 0 and near each other.
enum GeometricMedianRule {
    static let steps = Option.integer("steps", default: 8, in: 1...1000, "Weiszfeld steps (T)")
    static let smoothing = Option.number(
        "smoothing", default: 0.1, in: 1e-12...1e12, "distance below which all count alike (nu)")

    static let entry = RegistryEntry(
        "geometric-median", "RFA: the point nearest to all (Pillutla et al. 2022)",
        options: [steps.description, smoothing.description, AggregationRules.bucket.description],
        make: AggregationRules.Maker { options, _ throws(ConfigurationError) in
            .geometricMedian(steps: try options.value(steps), smoothing: try options.value(smoothing))
        })
}
