public import Configuration

/// Peers are neighbours whose numbers differ in one binary digit.
public struct Hypercube: ListedTopology {
    public static let description = Description(
        name: "hypercube", summary: "numbers that differ in one bit are neighbours; a power of two peers",
        options: [MixingRule.option().description])

    private let dimensions: Int

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        dimensions = peers.trailingZeroBitCount
        guard 1 << dimensions == peers else {
            let below = 1 << (Int.bitWidth - 1 - peers.leadingZeroBitCount)
            throw ConfigurationError(
                key: nil,
                "a hypercube has a power of two peers, and \(peers) is none; take \(below) or \(2 * below) peers, or "
                    + "topology.name=exponential")
        }
    }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        (0..<dimensions).map { peer ^ (1 << $0) }.sorted()
    }

    public func degree(of peer: PeerID, round: UInt64) -> Int { dimensions }

    public var laplacian: LaplacianExtremes? {
        LaplacianExtremes(least: 2, greatest: 2 * Double(dimensions))
    }
}
