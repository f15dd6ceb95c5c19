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

    func neighbours(of peer: Int, round: UInt64) -> [Int] {
        (0..<hops.count).map { hops.receiver(from: peer, hop: $0) }.sorted()
    }

    public func degree(of peer: PeerID, round: UInt64) -> Int { hops.count }

    public func senders(to peer: PeerID, round: UInt64) -> [PeerID] {
        (0..<hops.count).map { hops.sender(to: peer.rawValue, hop: $0) }.sorted().map { PeerID($0) }
    }
}

/// The exponential graph an edge a round: in round t each peer sends 2^(t mod log2 n) places on. Where the number of
/// peers is a power of two, the rounds of a period average exactly.
///
/// Citation: as for the exponential graph.
public struct OnePeerExponential: ListedTopology {
    public static let description = Description(
        name: "one-peer-exponential", summary: "one receiver a round: 1, 2, 4, 8... places on in turn",
        options: [MixingRule.option(default: .uniform).description])
    public static let isDirected = true

    private let hops: Hops

    public init(peers: Int, seed: UInt64, options: Options) { hops = Hops(peers: peers) }

    public var period: UInt64 { UInt64(max(hops.count, 1)) }

    func neighbours(of peer: Int, round: UInt64) -> [Int] {
        hops.count == 0 ? [] : [hops.receiver(from: peer, hop: Int(round % period))]
    }

    public func senders(to peer: PeerID, round: UInt64) -> [PeerID] {
        hops.count == 0 ? [] : [PeerID(hops.sender(to: peer.rawValue, hop: Int(round % period)))]
    }
}

/// The hops 1, 2, 4... below the number of peers, which are ceil(log2 n); no two lead to the same peer.
private struct Hops {
    let peers: Int
    let count: Int

    init(peers: Int) {
        self.peers = peers
        count = Int.bitWidth - (peers - 1).leadingZeroBitCount
    }

    func receiver(from peer: Int, hop: Int) -> Int { (peer + (1 << hop)) % peers }
    func sender(to peer: Int, hop: Int) -> Int { (peer + peers - (1 << hop)) % peers }
}
