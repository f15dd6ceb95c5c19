public import Configuration

/// Peer 0 is everybody's neighbour, and nobody has another.
public struct Star: Topology {
    public static let description = Description(
        name: "star", summary: "peer 0 in the middle; the others know it alone",
        options: [MixingRule.option().description])

    private let peers: Int

    public init(peers: Int, seed: UInt64, options: Options) { self.peers = peers }

    public func degree(of peer: PeerID, round: UInt64) -> Int {
        peer.rawValue == 0 ? peers - 1 : 1
    }

    public func neighbour(_ index: Int, of peer: PeerID, round: UInt64) -> PeerID {
        PeerID(peer.rawValue == 0 ? index + 1 : 0)
    }

    public var laplacian: LaplacianExtremes? {
        LaplacianExtremes(least: peers == 2 ? 2 : 1, greatest: Double(peers))
    }
}
