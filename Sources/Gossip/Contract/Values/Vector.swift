public import Graphs

/// A vector of the node, by name. All have the length of the model, but for a received part.
public enum Vector: Hashable, Sendable, Codable {
    /// The parameters that this peer trains.
    case model
    /// The gradient of the last answer; away while a gradient is being computed.
    case gradient
    /// A vector that the algorithm keeps for itself, zero at first.
    case named(UInt8)
    /// What a message brought, as long as the node holds it.
    case received(PayloadID)
    /// What a peer knows of the vector that this one sends it under that tag, over a link that compresses: the replica,
    /// the same to the bit at both ends. It is read only, and stands as of the last message to that peer.
    case told(PeerID, tag: UInt32)
}
