public import Configuration

/// A binary tree in the order of the peers' numbers: 0 at the root, and below peer k the peers 2k + 1 and 2k + 2.
public struct BinaryTree: ListedTopology {
    public static let description = Description(
        name: "binary-tree", summary: "below each peer two others; three neighbours at the most",
        options: [MixingRule.option().description])

    private let peers: Int

    public init(peers: Int, seed: UInt64, options: Options) { self.peers = peers }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        RelayTree.binary(PeerID(peer), of: peers).neighbours.map(\.rawValue)
    }
}
