public import Configuration

/// Peers in a row, each the neighbour of the one before and the one behind it; the two ends have one.
public struct Chain: ListedTopology {
    public static let description = Description(
        name: "chain", summary: "a row; two neighbours each, one at the ends",
        options: [MixingRule.option().description])

    private let peers: Int

    public init(peers: Int, seed: UInt64, options: Options) { self.peers = peers }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        [peer - 1, peer + 1].filter { (0..<peers).contains($0) }
    }

    public var laplacian: LaplacianExtremes? { .chain(of: peers) }
}
