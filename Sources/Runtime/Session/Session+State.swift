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
            /// The sender's number and time, and the bytes on the way then; nil for a message that came.
            var id: MessageID?
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

        var incarnation: UInt32 = 0
        var isReborn = false
        var peers: [Peer] = []
    }

    /// What it remembers, the payloads put on the shelf.
    public func state(_ table: inout PayloadTable) -> State {
        var state = State(incarnation: incarnation, isReborn: isReborn)
        for (peer, known) in peers.sorted(by: { $0.key < $1.key }) {
            var unacknowledged: [State.Message] = []
            for (sequence, message) in known.unacknowledged {
                guard case .message(_, _, let metadata, let payload) = message.frame.content else { continue }
                unacknowledged.append(
                    State.Message(
                        sequence: sequence, metadata: metadata, payload: table.place(payload), id: message.id,
                        sentAt: message.sentAt, queuedByteCount: message.queuedByteCount))
            }
            var ahead: [State.Message] = []
            for (sequence, message) in known.ahead.sorted(by: { $0.key < $1.key }) {
                ahead.append(
                    State.Message(sequence: sequence, metadata: message.metadata, payload: table.place(message.payload))
                )
            }
            state.peers.append(
                State.Peer(
                    peer: peer, lastSent: known.lastSent, unacknowledged: unacknowledged, handled: known.handled,
                    ahead: ahead, isFenced: known.isFenced, incarnation: known.incarnation,
                    silences: known.silences))
        }
        return state
    }

    /// Goes on from a state whose payloads lie on the shelf.
    public mutating func restore(_ state: State, _ table: PayloadTable) throws(StateError) {
        var restored: [PeerID: Peer] = [:]
        for saved in state.peers {
            var peer = Peer()
            peer.lastSent = saved.lastSent
            peer.handled = saved.handled
            peer.isFenced = saved.isFenced
            peer.incarnation = saved.incarnation
            peer.silences = saved.silences
            for message in saved.ahead {
                peer.ahead[message.sequence] = (message.metadata, try table.payload(message.payload))
            }
            for message in saved.unacknowledged {
                let incarnations = Frame.Incarnations(from: state.incarnation, to: saved.incarnation)
                let unacknowledged = try unacknowledged(message, to: saved.peer, incarnations, table)
                peer.byteCount += cost.byteCount(unacknowledged.frame)
                peer.unacknowledged.append((message.sequence, unacknowledged))
            }
            restored[saved.peer] = peer
        }
        incarnation = state.incarnation
        isReborn = state.isReborn
        peers = restored
        unacknowledgedCount = restored.values.map(\.unacknowledged.count).reduce(0, +)
    }

    private func unacknowledged(
        _ message: State.Message, to peer: PeerID, _ incarnations: Frame.Incarnations, _ table: PayloadTable
    ) throws(StateError) -> Unacknowledged {
        guard let id = message.id, let sentAt = message.sentAt else {
            throw StateError("message \(message.sequence) to peer \(peer) has no number or time")
        }
        let payload = try table.payload(message.payload)
        let frame = Frame(
            from: me, to: peer, incarnations: incarnations,
            content: .message(sequence: message.sequence, id: id, metadata: message.metadata, payload: payload))
        return Unacknowledged(
            id: id, frame: frame, payload: payload, sentAt: sentAt, queuedByteCount: message.queuedByteCount ?? 0)
    }
}
