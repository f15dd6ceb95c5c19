public import Configuration

/// Every peer is every other peer's neighbour.
public struct Complete: Topology {
    public static let description = Description(
        name: "complete", summary: "everybody is everybody's neighbour", options: [MixingRule.option().description])

    private let peers: Int

    public init(peers: Int, seed: UInt64, options: Options) { self.peers = peers }

    public func degree(of peer: PeerID, round: UInt64) -> Int { peers - 1 }

    public func neighbour(_ index: Int, of peer: PeerID, round: UInt64) -> PeerID {
        PeerID(index < peer.rawValue ? index : index + 1)
    }

    public var laplacian: LaplacianExtremes? {
        LaplacianExtremes(least: Double(peers), greatest: Double(peers))
    }
}
