public import Configuration

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

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        hops.count == 0 ? [] : [hops.receiver(from: peer, hop: Int(round % period))]
    }

    public func senders(to peer: PeerID, round: UInt64) -> [PeerID] {
        hops.count == 0 ? [] : [PeerID(hops.sender(to: peer.rawValue, hop: Int(round % period)))]
    }
}
