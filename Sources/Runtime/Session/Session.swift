public import Gossip
public import Graphs
public import Vectors

/// The layer that makes messages certain: between two peers every message is handled exactly once and in order,
/// whatever the transport loses, repeats or reorders; or else, once the receiver can never handle it, it is returned.
///
/// Sequence numbers per pair, cumulative acknowledgements, retransmission, de-duplication; and fencing: a peer that has
/// left is heard no more, and what it had not acknowledged comes back to its senders. Or else links, in the place of
/// repetitions and fences: see `open`. A value without clock or I/O: calls go in, frames and events come out.
public struct Session: Sendable {
    /// What the session asks of its node, in order.
    public enum Output: Sendable {
        case transmit(Frame)
        case received(metadata: Metadata, payload: Payload?, from: PeerID)
        /// A part of an average came.
        case receivedPart(Payload)
        case delivered(MessageID)
        case returned(MessageID, Metadata, Payload?, to: PeerID)
    }

    /// A message, or a part, not yet acknowledged.
    struct Unacknowledged {
        let frame: Frame
        var sentAt: Time
        /// Bytes that were on their way to its receiver when it was sent, its own among them.
        var queuedByteCount: Int

        var metadata: Metadata { frame.content.metadata }

        /// What the sender is told; of a part nothing.
        var delivered: Output? { frame.content.id.map { .delivered($0) } }
        var returned: Output? { frame.content.id.map { .returned($0, metadata, frame.payload, to: frame.to) } }
    }

    struct Peer {
        /// The place of the last message sent, and the messages not acknowledged, in order of their places.
        var lastSent: UInt64 = 0
        var unacknowledged: [(sequence: UInt64, message: Unacknowledged)] = []
        /// Bytes of the frames of these.
        var byteCount = 0
        /// The place up to which all messages were handled, and those that came ahead of a gap.
        var handled: UInt64 = 0
        var ahead: [UInt64: Frame.Content] = [:]
        var isFenced = false
        /// Repetitions in a row after which the peer has acknowledged nothing new.
        var silences = 0
        /// Which of the peer's lives this is about; over a link, which session.
        var incarnation: UInt32 = 0
    }

    public let me: PeerID
    /// How often this peer has come back after a crash.
    public internal(set) var incarnation: UInt32
    /// After how many seconds without an acknowledgement a message is sent again; nil where the transport loses
    /// nothing.
    public let retransmissionSeconds: Double?
    /// What a frame costs on the way to the others.
    let cost: LinkCost
    var peers = SortedTable<PeerID, Peer>()
    /// Whether this is a life after a crash, in which nobody is spoken to before having joined: whatever went to a peer
    /// now and was given up when that peer is admitted would have taken the place of the next message.
    var isReborn = false
    /// Messages sent and neither acknowledged nor returned.
    public internal(set) var unacknowledgedCount = 0
    /// Whether messages go over links that are opened and break, and nothing else is heard.
    public let isByLinks: Bool
    /// The ends of these links; none where peers are fenced.
    var links = SortedTable<PeerID, Link>()
    /// The weights of messages that came back to this peer when their doubt ran out, and that the other end had handled
    /// all the same, as far as it has said so since.
    public internal(set) var mintedMass = 0.0

    /// A session that has spoken to nobody; `cost` is that of a link to any other peer.
    public init(
        me: PeerID, retransmissionSeconds: Double?, incarnation: UInt32 = 0, cost: LinkCost = LinkCost(),
        isByLinks: Bool = false
    ) {
        precondition(!isByLinks || retransmissionSeconds == nil, "nothing is sent again over a link")
        self.me = me
        self.incarnation = incarnation
        self.isByLinks = isByLinks
        self.retransmissionSeconds = retransmissionSeconds
        self.cost = cost
    }

    /// Sends a message. One to a fenced peer is returned at once.
    public mutating func send(
        _ payload: Payload?, metadata: Metadata, to peer: PeerID, id: MessageID, now: Time
    ) -> [Output] {
        let frame = send(to: peer, now: now) { .message(sequence: $0, id: id, metadata: metadata, payload: payload) }
        return frame.map { [.transmit($0)] } ?? [.returned(id, metadata, payload, to: peer)]
    }

    /// Sends a part of an average. Of one to a fenced peer nothing is heard.
    public mutating func sendPart(_ payload: Payload, to peer: PeerID, now: Time) -> [Output] {
        send(to: peer, now: now) { .part(sequence: $0, payload: payload) }.map { [.transmit($0)] } ?? []
    }

    private mutating func send(to peer: PeerID, now: Time, _ content: (UInt64) -> Frame.Content) -> Frame? {
        let stranger = stranger
        let place = peers.place(of: peer, default: stranger)
        let frame = peers.values[place].send(from: me, incarnations(of: place), to: peer, now: now, cost, content)
        if frame != nil { unacknowledgedCount += 1 }
        return frame
    }

    /// What is known of a peer of whom nothing has been heard.
    var stranger: Peer { Peer(isFenced: isReborn || isByLinks) }

    /// The lives of this peer and of the one in that place; over a link, their session twice.
    private func incarnations(of place: Int) -> Frame.Incarnations {
        let life = peers.values[place].incarnation
        return Frame.Incarnations(from: isByLinks ? life : incarnation, to: life)
    }

    /// Handles a frame that came from the transport. One of another life, of either peer, is not heard.
    public mutating func receive(_ frame: Frame) -> [Output] {
        precondition(frame.to == me, "peer \(me) was handed a frame for \(frame.to)")
        let known = peers.place(of: frame.from)
        let (isFenced, life) =
            known.map { (peers.values[$0].isFenced, peers.values[$0].incarnation) } ?? (stranger.isFenced, 0)
        let mine = isByLinks ? life : incarnation
        guard !isFenced, frame.incarnations == Frame.Incarnations(from: life, to: mine) else { return [] }
        switch frame.content {
        case .message(let sequence, _, _, _), .part(let sequence, _):
            let place = known ?? peers.place(of: frame.from, default: Peer())
            return accept(sequence, frame.content, from: frame.from, place)
        case .acknowledgement(let through):
            return known.map { acknowledge(through, $0) } ?? []
        }
    }

    private mutating func accept(
        _ sequence: UInt64, _ content: Frame.Content, from peer: PeerID, _ place: Int
    ) -> [Output] {
        var outputs: [Output] = []
        let handled = peers.values[place].accept(sequence, content) { content in
            switch content {
            case .message(_, _, let metadata, let payload):
                outputs.append(.received(metadata: metadata, payload: payload, from: peer))
            case .part(_, let payload?): outputs.append(.receivedPart(payload))
            case .part(_, nil), .acknowledgement: break
            }
        }
        // A repeated message is acknowledged again: the first acknowledgement may have been lost.
        let lives = incarnations(of: place)
        outputs.append(
            .transmit(Frame(from: me, to: peer, incarnations: lives, content: .acknowledgement(through: handled))))
        return outputs
    }

    private mutating func acknowledge(_ through: UInt64, _ place: Int) -> [Output] {
        let before = peers.values[place].unacknowledged.count
        let delivered = peers.values[place].acknowledge(through, cost)
        unacknowledgedCount -= before - peers.values[place].unacknowledged.count
        return delivered
    }

    /// Sends again what has waited too long; to a peer that has long been silent, ever more seldom.
    public mutating func retransmit(now: Time) -> [Output] {
        guard let limit = retransmissionSeconds else { return [] }
        var outputs: [Output] = []
        for place in peers.values.indices where !peers.values[place].unacknowledged.isEmpty {
            peers.values[place].retransmit(now: now, after: limit, cost) { outputs.append(.transmit($0)) }
        }
        return outputs
    }

    /// When `retransmit` should be called next, if anything is under way.
    public func nextRetransmission(now: Time) -> Time? {
        guard let limit = retransmissionSeconds, unacknowledgedCount > 0 else { return nil }
        return peers.values.lazy.compactMap { peer in
            peer.unacknowledged.first.map {
                min($0.message.sentAt, now) + peer.patienceSeconds(limit, for: $0.message, cost)
            }
        }.min()
    }

    /// The peer is gone for good: nothing from it is heard any more, and what it had not acknowledged comes back.
    public mutating func fence(_ peer: PeerID) -> [Output] {
        let place = peers.place(of: peer, default: Peer())
        let unacknowledged = peers.values[place].unacknowledged
        unacknowledgedCount -= unacknowledged.count
        peers.values[place].unacknowledged = []
        peers.values[place].byteCount = 0
        peers.values[place].ahead = [:]
        peers.values[place].isFenced = true
        return unacknowledged.compactMap(\.message.returned)
    }

    /// The peer begins its life of that number: what is left of the one before comes back, and both count again.
    public mutating func admit(_ peer: PeerID, incarnation: UInt32) -> [Output] {
        let outputs = fence(peer)
        peers[peer] = Peer(incarnation: incarnation)
        return outputs
    }

    /// This peer itself begins another life, as it was when it was saved: what it had sent and not heard of is told
    /// delivered up to the place that the receiver says it had handled, and returned behind it. It hears from
    /// nobody, and what it sends comes back, until others are admitted.
    public mutating func beginIncarnation(_ incarnation: UInt32, handled: (PeerID) -> UInt64) -> [Output] {
        var outputs: [Output] = []
        for (peer, state) in zip(peers.keys, peers.values) {
            for (sequence, message) in state.unacknowledged {
                if let output = sequence <= handled(peer) ? message.delivered : message.returned {
                    outputs.append(output)
                }
            }
        }
        self.incarnation = incarnation
        isReborn = true
        peers = SortedTable()
        unacknowledgedCount = 0
        return outputs
    }

    /// The number of the peer's life that this session knows: for checkers.
    public func incarnation(of peer: PeerID) -> UInt32 { peers[peer]?.incarnation ?? 0 }

    /// Whether messages go between this peer and that life of another one: for checkers.
    public func hears(_ peer: PeerID, incarnation: UInt32) -> Bool {
        self.incarnation(of: peer) == incarnation && !(peers[peer] ?? stranger).isFenced
    }

    /// The place up to which messages from `peer` were handled: for checkers.
    public func handled(from peer: PeerID) -> UInt64 { peers[peer]?.handled ?? 0 }

    /// Metadata of all messages that are not acknowledged and lie behind the place that their receiver handled last:
    /// for checkers.
    public func unacknowledgedMetadata(handled: (PeerID) -> UInt64) -> [Metadata] {
        peers.keys.flatMap { unacknowledgedMetadata(to: $0, after: handled($0)) }
    }

    /// Metadata of the messages to `peer` behind that place which are not acknowledged: for checkers.
    public func unacknowledgedMetadata(to peer: PeerID, after place: UInt64 = 0) -> [Metadata] {
        (peers[peer]?.unacknowledged ?? []).filter { $0.sequence > place }.map(\.message.metadata)
    }
}

/// Changed where it lies in the session's table: a copy of a peer would copy the messages under way too.
extension Session.Peer {
    /// The next message or part to the peer, made for its place; nil when the peer is fenced.
    fileprivate mutating func send(
        from me: PeerID, _ incarnations: Frame.Incarnations, to peer: PeerID, now: Time, _ cost: LinkCost,
        _ content: (UInt64) -> Frame.Content
    ) -> Frame? {
        guard !isFenced else { return nil }
        lastSent += 1
        let frame = Frame(from: me, to: peer, incarnations: incarnations, content: content(lastSent))
        byteCount += cost.byteCount(frame)
        unacknowledged.append(
            (lastSent, Session.Unacknowledged(frame: frame, sentAt: now, queuedByteCount: byteCount)))
        return frame
    }

    /// Hands on a message and those that waited for it, in order, unless it repeats one; returns up to which place all
    /// were handled.
    fileprivate mutating func accept(
        _ sequence: UInt64, _ content: Frame.Content, handOn: (Frame.Content) -> Void
    ) -> UInt64 {
        if sequence > handled + 1 {
            ahead[sequence] = content
        } else if sequence == handled + 1 {
            handled = sequence
            handOn(content)
        }
        while !ahead.isEmpty, let next = ahead.removeValue(forKey: handled + 1) {
            handled += 1
            handOn(next)
        }
        return handled
    }

    /// Forgets the messages up to that place, and tells their delivery.
    fileprivate mutating func acknowledge(_ through: UInt64, _ cost: LinkCost) -> [Session.Output] {
        let count = unacknowledged.prefix { $0.sequence <= through }.count
        guard count > 0 else { return [] }
        silences = 0
        byteCount -= unacknowledged[..<count].reduce(0) { $0 + cost.byteCount($1.message.frame) }
        let delivered = unacknowledged[..<count].compactMap(\.message.delivered)
        // An empty array has no storage: thousands of simulated peers have hundreds of pairs that are quiet just now.
        if count == unacknowledged.count { unacknowledged = [] } else { unacknowledged.removeFirst(count) }
        return delivered
    }

    /// Sends again what has waited for so many seconds, or was sent at a time that the clock has jumped back behind.
    fileprivate mutating func retransmit(
        now: Time, after limit: Double, _ cost: LinkCost, send: (Frame) -> Void
    ) {
        var isSilent = false
        for index in unacknowledged.indices {
            // Compared as the timer was set: a difference in seconds may round to just below the limit, forever.
            let (sentAt, message) = (unacknowledged[index].message.sentAt, unacknowledged[index].message)
            guard now < sentAt || now >= sentAt + patienceSeconds(limit, for: message, cost) else { continue }
            isSilent = true
            unacknowledged[index].message.sentAt = now
            unacknowledged[index].message.queuedByteCount = byteCount
            send(unacknowledged[index].message.frame)
        }
        if isSilent { silences += 1 }
    }

    /// How long a message waits for its acknowledgement: from the sixth repetition on that was not answered, each time
    /// twice as long, up to 32 times, and then by as much longer again each time. On a slow link repetitions at a fixed
    /// pace can be more than it carries, and then nothing else gets through any more; to one that is silent for hours
    /// so many go as the root of the time.
    ///
    /// On a link that carries little, what was sent before must have gone first, and the acknowledgement waits behind
    /// what the other one sends, as much as this one does where both do alike.
    fileprivate func patienceSeconds(_ limit: Double, for message: Session.Unacknowledged, _ cost: LinkCost) -> Double {
        let queued = 2 * cost.secondsPerByte * Double(max(message.queuedByteCount, byteCount))
        return queued + limit * Double(silences <= 10 ? 1 << max(silences - 5, 0) : 22 + silences)
    }
}
