import Conditions
import Gossip
import Graphs
import Randomness
import Runtime
import Vectors

/// A simulated world between two events: its peers, what is under way between them, its chance and its time.
public struct SimulationState: Sendable, Codable {
    struct Peer: Codable {
        var saved: SavedPeer
        var checkpoints: [SavedPeer]
        var isAlive: Bool
        var incarnation: UInt32
        var clockOffset: Int64
        var pausedUntil: Time?
        var computingTime: Time
        var timeline: PassTimeline?
        var computingSince: Time
        var lastStepAt: Time
        var savedAt: Time
    }

    struct Arrival: Codable {
        enum Content: Codable {
            case message(
                from: PeerID, to: PeerID, incarnations: Frame.Incarnations, sequence: UInt64, id: MessageID,
                metadata: Metadata, payload: Int?)
            case part(
                from: PeerID, to: PeerID, incarnations: Frame.Incarnations, sequence: UInt64, payload: Int?)
            case acknowledgement(from: PeerID, to: PeerID, incarnations: Frame.Incarnations, through: UInt64)
            case gradient(PeerID, incarnation: UInt32)
            case timer(PeerID, NodeTimer, incarnation: UInt32)
            case left(PeerID, told: PeerID)
            case joined(PeerID, incarnation: UInt32, told: PeerID)
            case event(Event, told: PeerID)
            case crash(of: PeerID, incarnation: UInt32, told: PeerID)
            case fault(Int)
            case checkpoint(PeerID)
        }

        var time: Time
        var number: UInt64
        var content: Content
    }

    struct Tombstone: Codable {
        var peer: PeerID
        var incarnation: UInt32
        var session: Session.State
    }

    var now: Time
    var statistics: SimulationStatistics
    var random: RandomStream
    var insertions: UInt64
    var links: Links
    var ledger: Ledger
    var peers: [Peer]
    var tombstones: [Tombstone]
    var arrivals: [Arrival]
    /// What the frames under way, and the messages of the dead, carry.
    var payloads: StateDict
}

extension SimulationState.Arrival.Content {
    /// Nil for what only wakes a peer.
    init?(_ simulationEvent: SimulationEvent, _ table: inout PayloadTable) {
        switch simulationEvent {
        case .frame(let frame):
            switch frame.content {
            case .message(let sequence, let id, let metadata, let payload):
                self = .message(
                    from: frame.from, to: frame.to, incarnations: frame.incarnations, sequence: sequence, id: id,
                    metadata: metadata, payload: table.place(payload))
            case .part(let sequence, let payload):
                self = .part(
                    from: frame.from, to: frame.to, incarnations: frame.incarnations, sequence: sequence,
                    payload: table.place(payload))
            case .acknowledgement(let through):
                self = .acknowledgement(
                    from: frame.from, to: frame.to, incarnations: frame.incarnations, through: through)
            }
        case .gradient(let peer, let incarnation): self = .gradient(peer, incarnation: incarnation)
        case .timer(let peer, let timer, let incarnation): self = .timer(peer, timer, incarnation: incarnation)
        case .notice(let peer, let inbound):
            switch inbound {
            case .peerLeft(let other): self = .left(other, told: peer)
            case .peerJoined(let other, let incarnation): self = .joined(other, incarnation: incarnation, told: peer)
            case .event(let event): self = .event(event, told: peer)
            case .timer(let timer): self = .timer(peer, timer, incarnation: 0)
            case .wake: return nil
            case .greetingWanted, .linkUp, .linkDown, .doubtOver, .forgotten:
                preconditionFailure("an open network is not saved")
            case .frame, .gradientReady, .passAdvanced, .averaged: preconditionFailure("what was computed is no notice")
            }
        case .crash(let dead, let incarnation, let told): self = .crash(of: dead, incarnation: incarnation, told: told)
        case .fault(let index): self = .fault(index)
        case .checkpoint(let peer): self = .checkpoint(peer)
        case .link, .cut: preconditionFailure("an open network is not saved")
        }
    }

    func simulationEvent(_ table: PayloadTable) throws(StateError) -> SimulationEvent {
        switch self {
        case .message(let from, let to, let incarnations, let sequence, let id, let metadata, let payload):
            return .frame(
                Frame(
                    from: from, to: to, incarnations: incarnations,
                    content: .message(
                        sequence: sequence, id: id, metadata: metadata, payload: try table.payload(payload))))
        case .part(let from, let to, let incarnations, let sequence, let payload):
            return .frame(
                Frame(
                    from: from, to: to, incarnations: incarnations,
                    content: .part(sequence: sequence, payload: try table.payload(payload))))
        case .acknowledgement(let from, let to, let incarnations, let through):
            return .frame(
                Frame(from: from, to: to, incarnations: incarnations, content: .acknowledgement(through: through)))
        case .gradient(let peer, let incarnation): return .gradient(peer, incarnation: incarnation)
        case .timer(let peer, let timer, let incarnation): return .timer(peer, timer, incarnation: incarnation)
        case .left(let other, let peer): return .notice(peer, .peerLeft(other))
        case .joined(let other, let incarnation, let peer):
            return .notice(peer, .peerJoined(other, incarnation: incarnation))
        case .event(let event, let peer): return .notice(peer, .event(event))
        case .crash(let dead, let incarnation, let told): return .crash(of: dead, incarnation: incarnation, told: told)
        case .fault(let index): return .fault(index)
        case .checkpoint(let peer): return .checkpoint(peer)
        }
    }
}
