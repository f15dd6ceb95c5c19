/// The weight that a receiver puts on the value of a peer.
public struct MixingWeight: Sendable, Hashable, Codable {
    public let peer: PeerID
    public let weight: Double

    public init(peer: PeerID, weight: Double) {
        self.peer = peer
        self.weight = weight
    }
}
