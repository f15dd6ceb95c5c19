public import Gossip
public import Vectors

/// What travels between two peers: an algorithm's message, or the session's word that messages have come.
public struct Frame: Sendable {
    public enum Content: Sendable {
        /// A message with its place in the order from this sender to this receiver, counted from 1.
        case message(sequence: UInt64, id: MessageID, note: Note, payload: Payload?)
        /// Every message up to this place has been handled.
        case acknowledgement(through: UInt64)
    }

    public let from: PeerID
    public let to: PeerID
    public let content: Content

    public init(from: PeerID, to: PeerID, content: Content) {
        self.from = from
        self.to = to
        self.content = content
    }

    /// Bytes of the payload, which is what counts on a wire.
    public var payloadByteCount: Int {
        if case .message(_, _, _, let payload?) = content { payload.byteCount } else { 0 }
    }
}
