public import Gossip
public import Graphs
public import Vectors

/// What travels between two peers: an algorithm's message, a part of an average, or the session's word that such have
/// come.
public struct Frame: Sendable {
    /// What a frame says, with its place in the order where it has one.
    public enum Content: Sendable {
        /// A message with its place in the order from this sender to this receiver, counted from 1.
        case message(sequence: UInt64, id: MessageID, metadata: Metadata, payload: Payload?)
        /// A part of an average that the nodes take by themselves (`RingAverage`), with its place in the same order.
        /// The payload is absent only while it travels apart.
        case part(sequence: UInt64, payload: Payload?)
        /// Everything up to this place has been handled.
        case acknowledgement(through: UInt64)
    }

    /// Which lives of sender and receiver the frame is between. A peer that comes back after a crash begins its next
    /// life, in which nothing of the one before is heard.
    public struct Incarnations: Sendable, Hashable, Codable {
        /// The sender's life, counted from 0.
        public var from: UInt32
        /// The receiver's life, counted from 0.
        public var to: UInt32

        /// The first lives of both unless told otherwise.
        public init(from: UInt32 = 0, to: UInt32 = 0) {
            self.from = from
            self.to = to
        }
    }

    /// Who sends it.
    public let from: PeerID
    /// Who is to have it.
    public let to: PeerID
    /// The lives of both for which it is meant.
    public let incarnations: Incarnations
    /// A message, a part of an average, or an acknowledgement.
    public let content: Content

    /// A frame between the first lives of both unless told otherwise.
    public init(from: PeerID, to: PeerID, incarnations: Incarnations = Incarnations(), content: Content) {
        self.from = from
        self.to = to
        self.incarnations = incarnations
        self.content = content
    }

    /// Whether it has a place in the order, and is acknowledged: a message or a part.
    public var isMessage: Bool {
        if case .acknowledgement = content { false } else { true }
    }

    /// Its place in the order from its sender to its receiver; nil of an acknowledgement.
    public var place: UInt64? {
        switch content {
        case .message(let sequence, _, _, _), .part(let sequence, _): sequence
        case .acknowledgement: nil
        }
    }

    /// What a message brings besides its metadata, or a part.
    public var payload: Payload? { content.payload }

    /// The same message with this payload; an acknowledgement stays what it is.
    public func carrying(_ payload: Payload?) -> Frame {
        switch content {
        case .message(let sequence, let id, let metadata, _):
            Frame(
                from: from, to: to, incarnations: incarnations,
                content: .message(sequence: sequence, id: id, metadata: metadata, payload: payload))
        case .part(let sequence, _):
            Frame(
                from: from, to: to, incarnations: incarnations, content: .part(sequence: sequence, payload: payload))
        case .acknowledgement: self
        }
    }

    /// Bytes of the payload, which is what counts on a wire.
    public var payloadByteCount: Int { payload?.byteCount ?? 0 }
}

extension Frame.Content {
    var payload: Payload? {
        switch self {
        case .message(_, _, _, let payload), .part(_, let payload): payload
        case .acknowledgement: nil
        }
    }

    /// What travels with a message; nothing with a part.
    var metadata: Metadata {
        if case .message(_, _, let metadata, _) = self { metadata } else { Metadata() }
    }

    /// The message's number; nil of a part.
    var id: MessageID? {
        if case .message(_, let id, _, _) = self { id } else { nil }
    }
}
