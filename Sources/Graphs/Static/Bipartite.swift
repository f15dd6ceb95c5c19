public import Configuration

/// Peers with even numbers know all with odd ones, and no other.
public struct Bipartite: ListedTopology {
    public static let description = Description(
        name: "bipartite", summary: "even and odd numbers: everybody knows the whole other side",
        options: [MixingRule.option().description])

    private let peers: Int

    public init(peers: Int, seed: UInt64, options: Options) { self.peers = peers }

    public func degree(of peer: PeerID, round: UInt64) -> Int { (peers + peer.rawValue % 2) / 2 }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        Array(stride(from: peer.isMultiple(of: 2) ? 1 : 0, to: peers, by: 2))
    }
}
