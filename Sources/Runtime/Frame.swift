public import Gossip
public import Graphs
public import Vectors

/// What travels between two peers: an algorithm's message, or the session's word that messages have come.
public struct Frame: Sendable {
    public enum Content: Sendable {
        /// A message with its place in the order from this sender to this receiver, counted from 1.
        case message(sequence: UInt64, id: MessageID, metadata: Metadata, payload: Payload?)
        /// Every message up to this place has been handled.
        case acknowledgement(through: UInt64)
    }

    /// Which lives of sender and receiver the frame is between. A peer that comes back after a crash begins its next
    /// life, in which nothing of the one before is heard.
    public struct Incarnations: Sendable, Hashable, Codable {
        public var from: UInt32
        public var to: UInt32

        public init(from: UInt32 = 0, to: UInt32 = 0) {
            self.from = from
            self.to = to
        }
    }

    public let from: PeerID
    public let to: PeerID
    public let incarnations: Incarnations
    public let content: Content

    public init(from: PeerID, to: PeerID, incarnations: Incarnations = Incarnations(), content: Content) {
        self.from = from
        self.to = to
        self.incarnations = incarnations
        self.content = content
    }

    /// Whether it carries an algorithm's message.
    public var isMessage: Bool {
        if case .message = content { true } else { false }
    }

    /// What a message brings besides its note.
    public var payload: Payload? {
        if case .message(_, _, _, let payload) = content { payload } else { nil }
    }

    /// The same message with this payload; an acknowledgement stays what it is.
    public func carrying(_ payload: Payload?) -> Frame {
        guard case .message(let sequence, let id, let metadata, _) = content else { return self }
        return Frame(
            from: from, to: to, incarnations: incarnations,
            content: .message(sequence: sequence, id: id, metadata: metadata, payload: payload))
    }

    /// Bytes of the payload, which is what counts on a wire.
    public var payloadByteCount: Int {
        if case .message(_, _, _, let payload?) = content { payload.byteCount } else { 0 }
    }
}
