public import Gossip
public import Vectors

/// The layer that makes messages certain: between two peers every message is handled exactly once and in order,
/// whatever the transport loses, repeats or reorders; or else, once the receiver can never handle it, it is returned.
///
/// Sequence numbers per pair, cumulative acknowledgements, retransmission, de-duplication; and fencing: a peer that has
/// left is heard no more, and what it had not acknowledged comes back to its senders. A value without clock or I/O:
/// calls go in, frames and events come out.
public struct Session: Sendable {
    /// What the session asks of its node, in order.
    public enum Output: Sendable {
        case transmit(Frame)
        case received(note: Note, payload: Payload?, from: PeerID)
        case delivered(MessageID)
        case returned(MessageID, Note, Payload?)
    }

    /// A message not yet acknowledged.
    struct Unacknowledged {
        let id: MessageID
        let frame: Frame
        let payload: Payload?
        var sentAt: Time

        var note: Note {
            guard case .message(_, _, let note, _) = frame.content else { return Note() }
            return note
        }

        var returned: Output { .returned(id, note, payload) }
    }

    struct Peer {
        /// The place of the last message sent, and the messages not acknowledged, in order of their places.
        var lastSent: UInt64 = 0
        var unacknowledged: [(sequence: UInt64, message: Unacknowledged)] = []
        /// The place up to which all messages were handled, and those that came ahead of a gap.
        var handled: UInt64 = 0
        var ahead: [UInt64: (note: Note, payload: Payload?)] = [:]
        var isFenced = false
        /// Which of the peer's lives this is about.
        var incarnation: UInt32 = 0
    }

    public let me: PeerID
    /// How often this peer has come back after a crash.
    public internal(set) var incarnation: UInt32
    /// After how many seconds without an acknowledgement a message is sent again; nil where the transport loses
    /// nothing.
    public let retransmissionSeconds: Double?
    var peers: [PeerID: Peer] = [:]
    /// Messages sent and neither acknowledged nor returned.
    public internal(set) var unacknowledgedCount = 0

    public init(me: PeerID, retransmissionSeconds: Double?, incarnation: UInt32 = 0) {
        self.me = me
        self.incarnation = incarnation
        self.retransmissionSeconds = retransmissionSeconds
    }

    /// Sends a message. One to a fenced peer is returned at once.
    public mutating func send(
        _ payload: Payload?, note: Note, to peer: PeerID, id: MessageID, now: Time
    ) -> [Output] {
        var state = peers[peer, default: Peer()]
        guard !state.isFenced else { return [.returned(id, note, payload)] }
        state.lastSent += 1
        let frame = Frame(
            from: me, to: peer, incarnations: Frame.Incarnations(from: incarnation, to: state.incarnation),
            content: .message(sequence: state.lastSent, id: id, note: note, payload: payload))
        state.unacknowledged.append(
            (state.lastSent, Unacknowledged(id: id, frame: frame, payload: payload, sentAt: now)))
        unacknowledgedCount += 1
        peers[peer] = state
        return [.transmit(frame)]
    }

    /// Handles a frame that came from the transport. One of another life, of either peer, is not heard.
    public mutating func receive(_ frame: Frame) -> [Output] {
        precondition(frame.to == me, "peer \(me) was handed a frame for \(frame.to)")
        let known = peers[frame.from]
        guard
            !(known?.isFenced ?? false),
            frame.incarnations == Frame.Incarnations(from: known?.incarnation ?? 0, to: incarnation)
        else { return [] }
        switch frame.content {
        case .message(let sequence, _, let note, let payload):
            return accept(sequence, note: note, payload: payload, from: frame.from)
        case .acknowledgement(let through):
            return acknowledge(through, by: frame.from)
        }
    }

    private mutating func accept(_ sequence: UInt64, note: Note, payload: Payload?, from peer: PeerID)
        -> [Output]
    {
        var state = peers[peer, default: Peer()]
        var outputs: [Output] = []
        if sequence > state.handled { state.ahead[sequence] = (note, payload) }
        while let next = state.ahead.removeValue(forKey: state.handled + 1) {
            state.handled += 1
            outputs.append(.received(note: next.note, payload: next.payload, from: peer))
        }
        // A repeated message is acknowledged again: the first acknowledgement may have been lost.
        let acknowledgement = Frame(
            from: me, to: peer, incarnations: Frame.Incarnations(from: incarnation, to: state.incarnation),
            content: .acknowledgement(through: state.handled))
        peers[peer] = state
        return outputs + [.transmit(acknowledgement)]
    }

    private mutating func acknowledge(_ through: UInt64, by peer: PeerID) -> [Output] {
        guard var state = peers[peer] else { return [] }
        let count = state.unacknowledged.prefix { $0.sequence <= through }.count
        let outputs = state.unacknowledged[..<count].map { Output.delivered($0.message.id) }
        state.unacknowledged.removeFirst(count)
        unacknowledgedCount -= count
        peers[peer] = state
        return outputs
    }

    /// Sends again what has waited too long, or was sent at a time that the clock has jumped back behind.
    public mutating func retransmit(now: Time) -> [Output] {
        guard let limit = retransmissionSeconds else { return [] }
        var outputs: [Output] = []
        for peer in peers.keys.sorted() {
            guard var state = peers[peer] else { continue }
            for index in state.unacknowledged.indices
            where !(0..<limit).contains(now - state.unacknowledged[index].message.sentAt) {
                state.unacknowledged[index].message.sentAt = now
                outputs.append(.transmit(state.unacknowledged[index].message.frame))
            }
            peers[peer] = state
        }
        return outputs
    }

    /// When `retransmit` should be called next, if anything is under way.
    public func nextRetransmission(now: Time) -> Time? {
        guard let limit = retransmissionSeconds else { return nil }
        let earliest = peers.values.compactMap { $0.unacknowledged.first?.message.sentAt }.min()
        return earliest.map { min($0, now) + limit }
    }

    /// The peer is gone for good: nothing from it is heard any more, and what it had not acknowledged comes back.
    public mutating func fence(_ peer: PeerID) -> [Output] {
        var state = peers[peer, default: Peer()]
        let outputs = state.unacknowledged.map(\.message.returned)
        unacknowledgedCount -= state.unacknowledged.count
        state.unacknowledged = []
        state.ahead = [:]
        state.isFenced = true
        peers[peer] = state
        return outputs
    }

    /// The peer begins its life of that number: what is left of the one before comes back, and both count anew.
    public mutating func admit(_ peer: PeerID, incarnation: UInt32) -> [Output] {
        let outputs = fence(peer)
        peers[peer] = Peer(incarnation: incarnation)
        return outputs
    }

    /// This peer itself begins another life, as it was when it was saved: what it had sent and not heard of is told
    /// delivered up to the place that the receiver says it had handled, and returned behind it.
    public mutating func beginLife(_ incarnation: UInt32, handled: (PeerID) -> UInt64) -> [Output] {
        var outputs: [Output] = []
        for (peer, state) in peers.sorted(by: { $0.key < $1.key }) {
            for (sequence, message) in state.unacknowledged {
                outputs.append(
                    sequence <= handled(peer) ? .delivered(message.id) : message.returned)
            }
        }
        self.incarnation = incarnation
        peers = [:]
        unacknowledgedCount = 0
        return outputs
    }

    /// The number of the peer's life that this session knows: for checkers.
    public func incarnation(of peer: PeerID) -> UInt32 { peers[peer]?.incarnation ?? 0 }

    /// Whether messages go between this peer and that life of another one: for checkers.
    public func hears(_ peer: PeerID, incarnation: UInt32) -> Bool {
        self.incarnation(of: peer) == incarnation && !(peers[peer]?.isFenced ?? false)
    }

    /// The place up to which messages from `peer` were handled: for checkers.
    public func handled(from peer: PeerID) -> UInt64 { peers[peer]?.handled ?? 0 }

    /// Notes of the messages to `peer` behind that place which are not acknowledged: for checkers.
    public func unacknowledgedNotes(to peer: PeerID, after place: UInt64 = 0) -> [Note] {
        (peers[peer]?.unacknowledged ?? []).filter { $0.sequence > place }.map(\.message.note)
    }
}
