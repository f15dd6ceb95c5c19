public import Configuration

/// Peers in a circle, each the neighbour of the one before and the one behind it. Two peers are each other's only
/// neighbour; one peer has none.
public struct Ring: Topology {
    public static let description = Description(
        name: "ring", summary: "a circle; two neighbours each", options: [MixingRule.option().description])

    private let peers: Int

    public init(peers: Int, seed: UInt64, options: Options) { self.peers = peers }

    public func degree(of peer: PeerID, round: UInt64) -> Int { min(peers - 1, 2) }

    public func neighbour(_ index: Int, of peer: PeerID, round: UInt64) -> PeerID {
        let before = (peer.rawValue + peers - 1) % peers
        let behind = (peer.rawValue + 1) % peers
        return PeerID(index == 0 ? min(before, behind) : max(before, behind))
    }

    public var laplacian: LaplacianExtremes? { .cycle(of: peers) }
}
