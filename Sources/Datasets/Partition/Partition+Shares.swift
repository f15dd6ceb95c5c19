public import Configuration
import Randomness

extension Partition {
    /// How often a Dirichlet deal is drawn again before it is given up.
    static let deals: UInt64 = 1000

    /// The indices of each peer's samples, whose labels are given.
    ///
    /// Where pieces of equal length are cut, lengths differ by at most one, the longer ones first. The draws are the
    /// streams (seed, partition, round).
    ///
    /// - Parameters:
    ///   - batch: samples that each peer needs at least. A Dirichlet deal that gives somebody less is drawn again, 1000
    ///     times at most; the other kinds leave it to the sampler to refuse.
    ///
    /// Throws when there are more peers, or shards, than samples, and when no Dirichlet deal gives everyone a batch.
    /// The keys are those of the experiment.
    public func shares(
        labels: [Int32], peers: Int, batch: Int = 1, seed: UInt64
    ) throws(ConfigurationError) -> [[Int]] {
        let count = labels.count
        guard peers >= 1 else { throw ConfigurationError(key: "peers", "\(peers) is not a whole number of at least 1") }
        guard peers <= count else {
            throw ConfigurationError(
                key: "peers", "\(peers) peers cannot share \(count) training samples; lower peers or take more samples")
        }
        switch self {
        case .iid:
            var stream = RandomStream(seed: seed, purpose: .partition)
            return Self.pieces(of: stream.permutation(of: count), count: peers)
        case .contiguous:
            return Self.pieces(of: Array(0..<count), count: peers)
        case .labelSorted:
            return Self.pieces(of: Self.classes(labels).flatMap { $0 }, count: peers)
        case .byClass:
            return try Self.sharesByClass(Self.classes(labels), peers: peers)
        case .shards(let perPeer):
            return try Self.dealtShards(Self.classes(labels), peers: peers, perPeer: perPeer, seed: seed)
        case .dirichlet(let alpha):
            return try Self.dirichletShares(
                Self.classes(labels), peers: peers, alpha: alpha, batch: batch, seed: seed)
        case .own:
            return [[Int]](repeating: Array(0..<count), count: peers)
        case .sets(let sets):
            guard sets <= peers else {
                throw ConfigurationError(
                    key: "partition.sets", "\(sets) sets are more than the \(peers) peers; take at most one for each")
            }
            let dealt = try Partition.iid.shares(labels: labels, peers: sets, batch: batch, seed: seed)
            return zip(dealt, Self.pieces(of: Array(0..<peers), count: sets)).flatMap { set, owners in
                owners.map { _ in set }
            }
        }
    }

    /// The samples of each class that has any, in the order of the classes and, within one, of the data set.
    private static func classes(_ labels: [Int32]) -> [[Int]] {
        var samples: [Int32: [Int]] = [:]
        for (index, label) in labels.enumerated() { samples[label, default: []].append(index) }
        return samples.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The items cut into pieces whose lengths differ by at most one, the longer ones first.
    private static func pieces(of items: [Int], count: Int) -> [[Int]] {
        let (least, rest) = items.count.quotientAndRemainder(dividingBy: count)
        return (0..<count).map { piece in
            let start = piece * least + min(piece, rest)
            return Array(items[start..<(start + least + (piece < rest ? 1 : 0))])
        }
    }

    private static func sharesByClass(_ classes: [[Int]], peers: Int) throws(ConfigurationError) -> [[Int]] {
        var shares = [[Int]](repeating: [], count: peers)
        for (index, samples) in classes.enumerated() {
            // Whoever's number is the class's, counted round by the fewer of the two.
            let owners =
                peers <= classes.count
                ? [index % peers] : Array(stride(from: index, to: peers, by: classes.count))
            guard owners.count <= samples.count else {
                throw ConfigurationError(
                    key: "peers",
                    "\(owners.count) of \(peers) peers cannot share the \(samples.count) samples of a class; "
                        + "lower peers or take more samples")
            }
            for (owner, piece) in zip(owners, pieces(of: samples, count: owners.count)) { shares[owner] += piece }
        }
        return shares
    }

    private static func dealtShards(
        _ classes: [[Int]], peers: Int, perPeer: Int, seed: UInt64
    ) throws(ConfigurationError) -> [[Int]] {
        let samples = classes.flatMap { $0 }
        let (count, overflow) = peers.multipliedReportingOverflow(by: perPeer)
        guard !overflow, count <= samples.count else {
            throw ConfigurationError(
                key: "partition.per_peer",
                "\(perPeer) shards for each of \(peers) peers are more than the \(samples.count) training samples")
        }
        let shards = pieces(of: samples, count: count)
        var stream = RandomStream(seed: seed, purpose: .partition)
        let order = stream.permutation(of: count)
        return (0..<peers).map { peer in
            order[(peer * perPeer)..<((peer + 1) * perPeer)].sorted().flatMap { shards[$0] }
        }
    }

    private static func dirichletShares(
        _ classes: [[Int]], peers: Int, alpha: Double, batch: Int, seed: UInt64
    ) throws(ConfigurationError) -> [[Int]] {
        for deal in 0..<deals {
            var stream = RandomStream(seed: seed, purpose: .partition, round: deal)
            let cuts = classes.map { samples in
                Self.cuts(of: samples.count, at: stream.dirichlet(concentration: alpha, count: peers))
            }
            let isEnough = (0..<peers).allSatisfy { peer in
                cuts.reduce(0) { $0 + $1[peer + 1] - $1[peer] } >= batch
            }
            guard isEnough else { continue }
            var shares = [[Int]](repeating: [], count: peers)
            for (samples, cuts) in zip(classes, cuts) {
                var samples = samples
                stream.shuffle(&samples)
                for peer in 0..<peers { shares[peer] += samples[cuts[peer]..<cuts[peer + 1]] }
            }
            return shares
        }
        throw ConfigurationError(
            key: "partition.alpha",
            "none of \(deals) draws with alpha \(alpha) gave each of \(peers) peers a batch of \(batch); "
                + "raise alpha, lower peers or batch, or take more samples")
    }

    /// Where to cut `count` samples so that the pieces have these proportions: rounded, from 0 to `count`.
    private static func cuts(of count: Int, at proportions: [Double]) -> [Int] {
        var sum = 0.0
        var cuts = [0]
        for proportion in proportions.dropLast() {
            sum += proportion
            cuts.append(min(count, Int((sum * Double(count)).rounded())))
        }
        return cuts + [count]
    }
}
