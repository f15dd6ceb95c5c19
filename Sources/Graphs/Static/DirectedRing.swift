public import Configuration

/// Peers in a circle, each sending to the one behind it only.
public struct DirectedRing: ListedTopology {
    public static let description = Description(
        name: "directed-ring", summary: "a circle; each sends to the next one only",
        options: [MixingRule.option(default: .uniform).description])
    public static let isDirected = true

    private let peers: Int

    public init(peers: Int, seed: UInt64, options: Options) { self.peers = peers }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        peers == 1 ? [] : [(peer + 1) % peers]
    }

    public func senders(to peer: PeerID, round: UInt64) -> [PeerID] {
        peers == 1 ? [] : [PeerID((peer.rawValue + peers - 1) % peers)]
    }
}
