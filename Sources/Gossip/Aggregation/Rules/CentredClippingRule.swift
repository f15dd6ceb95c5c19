import Configuration

/// Centred clipping: `v <- v + (1/m) sum over all m candidates of clip(x_k - v, tau)`, with v carried over rounds.
///
/// S. P. Karimireddy, L. He, M. Jaggi, Learning from history for Byzantine robust optimization, ICML 2021,
/// arXiv:2012.10333. v begins as the peer's own vector, and the own vector is one of the candidates.
enum CentredClippingRule {
    static let entry = RegistryEntry(
        "centred-clipping", "clips around what it gave in the round before (Karimireddy et al. 2021)",
        options: [
            ClippedRule.radius.description, ClippedRule.share.description, AggregationRules.bucket.description,
        ],
        make: AggregationRules.Maker { options, _ throws(ConfigurationError) in
            .centredClipping(try ClippedRule.clipping(options))
        })
}
