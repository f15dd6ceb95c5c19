/// The weight that a receiver puts on the value of a peer.
public struct MixingWeight: Sendable, Hashable, Codable {
    /// Whose value is weighed.
    public let peer: PeerID
    /// What the value is multiplied by.
    public let weight: Double

    /// The weight of that peer's value.
    public init(peer: PeerID, weight: Double) {
        self.peer = peer
        self.weight = weight
    }
}
