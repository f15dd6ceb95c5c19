import Conditions
import Gossip
import Randomness
public import Runtime
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
        var gradientSeconds: Double
        var lastStepAt: Time
        var savedAt: Time
    }

    struct Arrival: Codable {
        enum Content: Codable {
            case message(
                from: PeerID, to: PeerID, incarnations: Frame.Incarnations, sequence: UInt64, id: MessageID,
                note: Note, payload: Int?)
            case acknowledgement(from: PeerID, to: PeerID, incarnations: Frame.Incarnations, through: UInt64)
            case gradient(PeerID, incarnation: UInt32)
            case timer(PeerID, NodeTimer, incarnation: UInt32)
            case left(PeerID, told: PeerID)
            case joined(PeerID, incarnation: UInt32, told: PeerID)
            case stop(afterStep: UInt64, told: PeerID)
            case death(of: PeerID, incarnation: UInt32, told: PeerID)
            case fault(Int)
            case checkpoint(PeerID)
        }

        var time: Time
        var number: UInt64
        var content: Content
    }

    struct Grave: Codable {
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
    var graves: [Grave]
    var arrivals: [Arrival]
    var replayed: [PeerID: Int]
    /// What the frames under way, and the messages of the dead, carry.
    var payloads: Numbers
}

extension Simulation where Learning: ~Copyable, Steps: ~Copyable {
    /// The world as it is now, for `restore` in another one of the same settings and peers.
    public func state() -> SimulationState {
        var shelf = PayloadShelf()
        let arrivals = queue.sorted.compactMap { entry -> SimulationState.Arrival? in
            guard let content = SimulationState.Arrival.Content(entry.happening, &shelf) else { return nil }
            return SimulationState.Arrival(time: entry.time, number: entry.number, content: content)
        }
        let saved = peers.map { peer in
            SimulationState.Peer(
                saved: peer.saved(), checkpoints: peer.checkpoints, isAlive: peer.isAlive,
                incarnation: peer.incarnation, clockOffset: peer.clockOffset, pausedUntil: peer.pausedUntil,
                gradientSeconds: peer.gradientSeconds, lastStepAt: peer.lastStepAt, savedAt: peer.savedAt)
        }
        let order = graves.keys.sorted { ($0.peer, $0.incarnation) < ($1.peer, $1.incarnation) }
        var dead: [SimulationState.Grave] = []
        for grave in order {
            guard let session = graves[grave] else { continue }
            dead.append(
                SimulationState.Grave(
                    peer: grave.peer, incarnation: grave.incarnation, session: session.state(&shelf)))
        }
        var places: [PeerID: Int] = [:]
        for (peer, payload) in replayed.sorted(by: { $0.key < $1.key }) { places[peer] = shelf.place(payload) }
        return SimulationState(
            now: now, statistics: statistics, random: random, insertions: queue.insertions, links: links,
            ledger: ledger, peers: saved, graves: dead, arrivals: arrivals, replayed: places,
            payloads: shelf.numbers)
    }

    /// Goes on from such a state, in place of `start`: with as many peers as there were, and their learners and
    /// steppers made as they were.
    public func restore(_ state: SimulationState) throws(StateError) {
        guard state.peers.count == peers.count else {
            throw StateError("the state has \(state.peers.count) peers, and there are \(peers.count)")
        }
        let shelf = try PayloadShelf(state.payloads)
        for (peer, saved) in zip(peers, state.peers) {
            try peer.restore(saved.saved)
            peer.checkpoints = saved.checkpoints
            peer.isAlive = saved.isAlive
            peer.incarnation = saved.incarnation
            peer.clockOffset = saved.clockOffset
            peer.pausedUntil = saved.pausedUntil
            peer.gradientSeconds = saved.gradientSeconds
            peer.lastStepAt = saved.lastStepAt
            peer.savedAt = saved.savedAt
            peer.waiting = []
        }
        queue = EventQueue()
        for arrival in state.arrivals {
            let happening = try arrival.content.happening(shelf)
            queue.insert(happening, at: arrival.time, number: arrival.number)
            if case .frame(let frame) = happening, peers.indices.contains(frame.to.rawValue),
                peers[frame.to.rawValue].pausedUntil == arrival.time
            {
                peers[frame.to.rawValue].waiting.insert(FrameKey(frame))
            }
        }
        queue.insertions = state.insertions
        graves = [:]
        for grave in state.graves {
            var session = Session(me: grave.peer, retransmissionSeconds: nil, incarnation: grave.incarnation)
            try session.restore(grave.session, shelf)
            graves[Grave(peer: grave.peer, incarnation: grave.incarnation)] = session
        }
        replayed = [:]
        for (peer, place) in state.replayed { replayed[peer] = try shelf.payload(place) }
        now = state.now
        statistics = state.statistics
        random = state.random
        links = state.links
        ledger = state.ledger
    }
}

extension SimulationState.Arrival.Content {
    /// Nil for what only wakes a peer.
    init?(_ happening: Happening, _ shelf: inout PayloadShelf) {
        switch happening {
        case .frame(let frame):
            switch frame.content {
            case .message(let sequence, let id, let note, let payload):
                self = .message(
                    from: frame.from, to: frame.to, incarnations: frame.incarnations, sequence: sequence, id: id,
                    note: note, payload: shelf.place(payload))
            case .acknowledgement(let through):
                self = .acknowledgement(
                    from: frame.from, to: frame.to, incarnations: frame.incarnations, through: through)
            }
        case .gradient(let peer, let incarnation): self = .gradient(peer, incarnation: incarnation)
        case .timer(let peer, let timer, let incarnation): self = .timer(peer, timer, incarnation: incarnation)
        case .notice(let peer, let inbound):
            switch inbound {
            case .peerLeft(let other): self = .left(other, told: peer)
            case .peerJoined(let other, let life): self = .joined(other, incarnation: life, told: peer)
            case .stop(let step): self = .stop(afterStep: step, told: peer)
            case .timer(let timer): self = .timer(peer, timer, incarnation: 0)
            case .wake: return nil
            case .frame, .gradientReady, .averaged: preconditionFailure("frames, gradients and averages are no notices")
            }
        case .death(let dead, let incarnation, let told): self = .death(of: dead, incarnation: incarnation, told: told)
        case .fault(let index): self = .fault(index)
        case .checkpoint(let peer): self = .checkpoint(peer)
        }
    }

    func happening(_ shelf: PayloadShelf) throws(StateError) -> Happening {
        switch self {
        case .message(let from, let to, let incarnations, let sequence, let id, let note, let payload):
            return .frame(
                Frame(
                    from: from, to: to, incarnations: incarnations,
                    content: .message(sequence: sequence, id: id, note: note, payload: try shelf.payload(payload))))
        case .acknowledgement(let from, let to, let incarnations, let through):
            return .frame(
                Frame(from: from, to: to, incarnations: incarnations, content: .acknowledgement(through: through)))
        case .gradient(let peer, let incarnation): return .gradient(peer, incarnation: incarnation)
        case .timer(let peer, let timer, let incarnation): return .timer(peer, timer, incarnation: incarnation)
        case .left(let other, let peer): return .notice(peer, .peerLeft(other))
        case .joined(let other, let life, let peer): return .notice(peer, .peerJoined(other, incarnation: life))
        case .stop(let step, let peer): return .notice(peer, .stop(afterStep: step))
        case .death(let dead, let incarnation, let told): return .death(of: dead, incarnation: incarnation, told: told)
        case .fault(let index): return .fault(index)
        case .checkpoint(let peer): return .checkpoint(peer)
        }
    }
}
