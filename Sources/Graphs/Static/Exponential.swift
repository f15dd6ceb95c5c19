public import Configuration

/// Each peer sends to those 1, 2, 4, 8... places behind it in a circle.
///
/// Citation: B. Ying, K. Yuan, Y. Chen, H. Hu, P. Pan, W. Yin, Exponential graph is provably efficient for
/// decentralized deep training, NeurIPS 2021, arXiv:2110.13363.
public struct Exponential: ListedTopology {
    public static let description = Description(
        name: "exponential", summary: "each sends 1, 2, 4, 8... places on; about log2(peers) neighbours",
        options: [MixingRule.option(default: .uniform).description])
    public static let isDirected = true

    private let hops: Hops

    public init(peers: Int, seed: UInt64, options: Options) { hops = Hops(peers: peers) }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        (0..<hops.count).map { hops.receiver(from: peer, hop: $0) }.sorted()
    }

    public func degree(of peer: PeerID, round: UInt64) -> Int { hops.count }

    public func senders(to peer: PeerID, round: UInt64) -> [PeerID] {
        (0..<hops.count).map { hops.sender(to: peer.rawValue, hop: $0) }.sorted().map { PeerID($0) }
    }
}
