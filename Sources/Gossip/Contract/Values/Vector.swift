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
}
