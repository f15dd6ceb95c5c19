public import Configuration

/// Two binary trees over the same peers, one from the first down and one from the last, so that who is a leaf in one
/// tree bears the other.
///
/// Citation: P. Sanders, J. Speck, J. L. Träff, Two-tree algorithms for full bandwidth broadcast, reduction and scan,
/// Parallel Computing 35, 2009.
public struct DoubleBinaryTree: ListedTopology {
    public static let description = Description(
        name: "double-binary-tree", summary: "the edges of a binary tree and of its mirror image",
        options: [MixingRule.option().description])

    private let peers: Int

    public init(peers: Int, seed: UInt64, options: Options) { self.peers = peers }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        let trees = [false, true].map { RelayTree.binary(PeerID(peer), of: peers, isMirrored: $0) }
        return Set(trees.flatMap(\.neighbours).map(\.rawValue)).sorted()
    }
}
