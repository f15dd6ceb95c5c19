import Configuration

/// UBAR: of the nearest rho share of the neighbours those are believed whose model does no worse than the own one on
/// samples that nobody learns from (the nearest one where none does): `x <- alpha x + (1 - alpha) mean`.
///
/// S. Guo, T. Zhang, H. Yu, X. Xie, L. Ma, T. Xiang, Y. Liu, Byzantine-resilient decentralized stochastic gradient
/// descent, IEEE Transactions on Circuits and Systems for Video Technology 32, 2022, arXiv:2002.08569. They compare
/// losses on a batch of the peer's own; here it is the node's scorer.
enum UBARRule {
    static let name = "ubar"

    static let near = Option.number(
        "near", default: 0.4, in: 0...1, "share of the neighbours that are looked at, the nearest (rho)")
    static let own = Option.number("own", default: 0.5, in: 0...1, "share of the own vector in the result (alpha)")

    static let entry = RegistryEntry(
        name, "the nearest neighbours that do no worse than oneself (Guo et al. 2022)",
        options: [near.description, own.description],
        make: AggregationRules.Maker { options, _ throws(ConfigurationError) in
            .ubar(near: try options.value(near), own: try options.value(own))
        })
}
