public import Configuration
import Randomness

/// Who learns from which samples. Every rule gives disjoint shares that together are all samples.
public enum Partition: String, Sendable, Hashable, CaseIterable {
    /// Samples dealt out at random: every share is a sample of the same distribution.
    case iid
    /// Samples in the order of the data set, cut into pieces of equal length.
    case contiguous

    /// Every partition, in the order of the lists.
    public static let all: [Description] = [
        Description(name: "iid", summary: "Samples are dealt out at random, equally many to each peer"),
        Description(name: "contiguous", summary: "The data set is cut into equally long pieces, in its own order"),
    ]

    /// The partition of that kind. Throws for an unknown kind (key `kind`) and an unknown key.
    public static func make(_ kind: String, _ options: Options) throws(ConfigurationError) -> Partition {
        guard let partition = Partition(rawValue: kind) else {
            throw ConfigurationError(key: "kind", unknown("partition", kind, known: allCases.map(\.rawValue)))
        }
        try options.refuseUnknown(besides: [])
        return partition
    }

    /// The indices of each peer's samples, whose labels are given; sizes differ by at most one, the larger ones first.
    ///
    /// The draw is the stream (seed, partition). Throws when there are more peers than samples (key `peers`).
    public func shares(labels: [Int32], peers: Int, seed: UInt64) throws(ConfigurationError) -> [[Int]] {
        let count = labels.count
        guard peers >= 1 else { throw ConfigurationError(key: "peers", "\(peers) is not a whole number of at least 1") }
        guard peers <= count else {
            throw ConfigurationError(
                key: "peers", "\(peers) peers cannot share \(count) training samples; lower peers or take more samples")
        }
        var order = Array(0..<count)
        if self == .iid {
            var stream = RandomStream(seed: seed, purpose: .partition)
            stream.shuffle(&order)
        }
        let (least, rest) = count.quotientAndRemainder(dividingBy: peers)
        return (0..<peers).map { peer in
            let start = peer * least + min(peer, rest)
            return Array(order[start..<(start + least + (peer < rest ? 1 : 0))])
        }
    }
}
