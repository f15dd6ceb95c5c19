public import Configuration

/// Who learns from which samples. Every rule gives shares that together are all samples, and are disjoint but for
/// `sets` and `own`.
public enum Partition: Sendable, Hashable {
    /// Samples dealt out at random: every share is a sample of the same distribution.
    case iid
    /// Samples in the order of the data set, cut into pieces of equal length.
    case contiguous
    /// Samples in the order of their labels, cut into pieces of equal length.
    case labelSorted
    /// Whole classes: they take turns over the peers; more peers than classes divide a class among them.
    case byClass
    /// Samples in the order of their labels, cut into `perPeer` shards for each peer, the shards dealt out at random
    /// (McMahan et al., Communication-efficient learning of deep networks from decentralized data, AISTATS 2017).
    case shards(perPeer: Int)
    /// Each class is shared out in proportions drawn from a symmetric Dirichlet distribution with concentration `alpha`
    /// (Hsu, Qi and Brown, Measuring the effects of non-identical data distribution, 2019, the draw being of peers for
    /// each class): the lower, the more unequal.
    case dirichlet(alpha: Double)
    /// Samples dealt out at random to so many sets, and each set whole to as many peers, the first set to the first of
    /// them (Temani and Jivrajani, NetTorrent, 2019).
    case sets(count: Int)
    /// All samples that a peer finds are its own: on an open network nobody deals any out.
    case own

    /// How a partition follows from its options.
    private struct Reading: Sendable {
        let read: @Sendable (Options) throws(ConfigurationError) -> Partition

        init(_ read: @escaping @Sendable (Options) throws(ConfigurationError) -> Partition) { self.read = read }

        init(_ partition: Partition) { self.init { (_) throws(ConfigurationError) in partition } }
    }

    private static let registry = Registry(
        "partition", key: "kind",
        [
            RegistryEntry("iid", "Samples are dealt out at random, equally many to each peer", make: Reading(.iid)),
            RegistryEntry(
                "contiguous", "The data set is cut into equally long pieces, in its own order",
                make: Reading(.contiguous)),
            RegistryEntry(
                "label-sorted", "The samples, sorted by label, are cut into equally long pieces",
                make: Reading(.labelSorted)),
            RegistryEntry(
                "by-class", "Whole classes go to the peers in turn; more peers than classes divide them",
                make: Reading(.byClass)),
            RegistryEntry(
                "shards", "The samples, sorted by label, are cut into shards that are dealt out at random",
                options: [perPeer.description],
                make: Reading { (options) throws(ConfigurationError) in .shards(perPeer: try options.value(perPeer)) }),
            RegistryEntry(
                "dirichlet", "Each class is shared out in random proportions, until all have a batch",
                options: [alpha.description],
                make: Reading { (options) throws(ConfigurationError) in .dirichlet(alpha: try options.value(alpha)) }),
            RegistryEntry(
                "sets", "Samples are dealt out to sets, and each set whole to as many peers",
                options: [sets.description],
                make: Reading { (options) throws(ConfigurationError) in .sets(count: try options.value(sets)) }),
            RegistryEntry(
                "own", "Each peer of an open network learns from all that it finds itself", make: Reading(.own)),
        ])

    /// Every partition, in the order of the lists.
    public static let all: [Description] = registry.descriptions

    private static let perPeer = Option.integer("per_peer", default: 2, in: 1...1_000_000, "Shards of each peer")
    private static let sets = Option.integer(
        "sets", default: 2, in: 1...1_000_000, "Sets of the samples, each of as many peers")
    private static let alpha = Option.number(
        "alpha", default: 0.5, in: 1e-3...1e6, "Concentration: near 0 a class has one owner, high is like iid")

    /// The partition of that kind. Throws for an unknown kind (key `kind`), an unknown key and a value out of range.
    public static func make(_ kind: String, _ options: Options) throws(ConfigurationError) -> Partition {
        try registry.make(kind, options).read(options)
    }
}
