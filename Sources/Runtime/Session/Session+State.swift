import Gossip
import Graphs
import Vectors

extension Session {
    /// A session at rest; payloads are numbers on a shelf.
    public struct State: Sendable, Codable {
        struct Message: Codable {
            var sequence: UInt64
            var metadata: Metadata
            var payload: Int?
            /// The number that the sender gave it; nil for a part of an average.
            var id: MessageID?
            /// When it was sent last, and the bytes on the way then; nil for a message that came.
            var sentAt: Time?
            var queuedByteCount: Int?
        }

        struct Peer: Codable {
            var peer: PeerID
            var lastSent: UInt64
            var unacknowledged: [Message]
            var handled: UInt64
            var ahead: [Message]
            var isFenced: Bool
            var incarnation: UInt32
            var silences: Int
        }

        /// One end of a link.
        struct Link: Codable {
            var peer: PeerID
            var session: LinkSession
            var overdue: [Overdue]
        }

        var incarnation: UInt32 = 0
        var isReborn = false
        var peers: [Peer] = []
        /// The ends of links, and what they brought about; nil where peers are fenced.
        var links: [Link]?
        var mintedMass: Double?
    }

    /// What it remembers, the payloads put on the shelf.
    public func state(_ table: inout PayloadTable) -> State {
        var state = State(incarnation: incarnation, isReborn: isReborn)
        for (peer, known) in zip(peers.keys, peers.values) {
            var unacknowledged: [State.Message] = []
            for (sequence, message) in known.unacknowledged {
                unacknowledged.append(
                    State.Message(
                        sequence, message.frame.content, sentAt: message.sentAt,
                        queuedByteCount: message.queuedByteCount, &table))
            }
            var ahead: [State.Message] = []
            for (sequence, content) in known.ahead.sorted(by: { $0.key < $1.key }) {
                ahead.append(State.Message(sequence, content, sentAt: nil, queuedByteCount: nil, &table))
            }
            state.peers.append(
                State.Peer(
                    peer: peer, lastSent: known.lastSent, unacknowledged: unacknowledged, handled: known.handled,
                    ahead: ahead, isFenced: known.isFenced, incarnation: known.incarnation,
                    silences: known.silences))
        }
        guard isByLinks else { return state }
        state.links = zip(links.keys, links.values).map { peer, link in
            State.Link(peer: peer, session: link.session, overdue: link.overdue)
        }
        state.mintedMass = mintedMass
        return state
    }

    /// Goes on from a state whose payloads lie on the shelf.
    public mutating func restore(_ state: State, _ table: PayloadTable) throws(StateError) {
        var restored = SortedTable<PeerID, Peer>()
        for saved in state.peers {
            var peer = Peer()
            peer.lastSent = saved.lastSent
            peer.handled = saved.handled
            peer.isFenced = saved.isFenced
            peer.incarnation = saved.incarnation
            peer.silences = saved.silences
            for message in saved.ahead {
                peer.ahead[message.sequence] = try message.content(table)
            }
            for message in saved.unacknowledged {
                let incarnations = Frame.Incarnations(
                    from: isByLinks ? saved.incarnation : state.incarnation, to: saved.incarnation)
                let unacknowledged = try unacknowledged(message, to: saved.peer, incarnations, table)
                peer.byteCount += cost.byteCount(unacknowledged.frame)
                peer.unacknowledged.append((message.sequence, unacknowledged))
            }
            restored[saved.peer] = peer
        }
        incarnation = state.incarnation
        isReborn = state.isReborn
        peers = restored
        links = SortedTable()
        for link in state.links ?? [] { links[link.peer] = Link(session: link.session, overdue: link.overdue) }
        mintedMass = state.mintedMass ?? 0
        unacknowledgedCount = restored.values.map(\.unacknowledged.count).reduce(0, +)
    }

    private func unacknowledged(
        _ message: State.Message, to peer: PeerID, _ incarnations: Frame.Incarnations, _ table: PayloadTable
    ) throws(StateError) -> Unacknowledged {
        guard let sentAt = message.sentAt else {
            throw StateError("message \(message.sequence) to peer \(peer) has no time")
        }
        let frame = Frame(from: me, to: peer, incarnations: incarnations, content: try message.content(table))
        return Unacknowledged(
            frame: frame, sentAt: sentAt, queuedByteCount: message.queuedByteCount ?? 0)
    }
}

extension Session.State.Message {
    init(
        _ sequence: UInt64, _ content: Frame.Content, sentAt: Time?, queuedByteCount: Int?,
        _ table: inout PayloadTable
    ) {
        self.init(
            sequence: sequence, metadata: content.metadata, payload: table.place(content.payload), id: content.id,
            sentAt: sentAt, queuedByteCount: queuedByteCount)
    }

    func content(_ table: PayloadTable) throws(StateError) -> Frame.Content {
        let payload = try table.payload(payload)
        guard let id else {
            guard let payload else { throw StateError("message \(sequence) has neither a number nor a payload") }
            return .part(sequence: sequence, payload: payload)
        }
        return .message(sequence: sequence, id: id, metadata: metadata, payload: payload)
    }
}
