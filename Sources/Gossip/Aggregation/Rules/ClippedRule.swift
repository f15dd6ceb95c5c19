import Configuration

/// ClippedGossip: `x_i <- sum over j of W_ij (x_i + clip(x_j - x_i, tau))` with `clip(v, tau) = v min(1, tau / |v|)`.
///
/// L. He, S. P. Karimireddy, M. Jaggi, Byzantine-robust decentralized learning via ClippedGossip, arXiv:2202.01545,
/// 2022. Without tau by their practical rule: the most distant neighbours, of so much weight as byzantine peers may
/// have, are clipped to the distance of the next one.
enum ClippedRule {
    static let radius = Option.optionalNumber(
        "tau", in: 0 ... .infinity, "longest difference that is believed (tau); null: by the practical rule")
    static let share = Option.number(
        "byzantine", default: 0.2, in: 0...1, "weight that byzantine neighbours may have together (delta)"
    ).idle(beside: radius)

    static let entry = RegistryEntry(
        "clipped", "ClippedGossip: differences are shortened to a radius (He et al. 2022)",
        options: [radius.description, share.description, AggregationRules.bucket.description],
        make: AggregationRules.Maker { options, _ throws(ConfigurationError) in .clipped(try clipping(options)) })

    /// The radius that the options give.
    static func clipping(_ options: Options) throws(ConfigurationError) -> ClippingRadius {
        // Beyond all distances nothing is clipped; infinity itself has no place in a saved state.
        if let radius = try options.value(radius) { return .fixed(min(radius, .greatestFiniteMagnitude)) }
        return .practical(byzantineShare: try options.value(share))
    }
}
