import Gossip
import HeapModule
import Randomness
public import Runtime
import Vectors

/// A harness's whole world between two events: its peers, what is under way between them, its chance and its time.
public struct HarnessState: Sendable, Codable {
    struct Peer: Codable {
        var node: NodeState
        var numbers: Numbers
        /// The learner's numbers, and the model of the gradient that the node waits for.
        var surroundings: Numbers
        var isAlive: Bool
        var hasForgotten: Set<PeerID>
    }

    struct Arrival: Codable {
        enum Content: Codable {
            case message(from: PeerID, sequence: UInt64, id: MessageID, note: Note, payload: Int?)
            case acknowledgement(from: PeerID, through: UInt64)
            case gradientReady(GradientReport)
            case timer(NodeTimer)
            case peerJoined(PeerID, incarnation: UInt32)
            case peerLeft(PeerID)
            case stop(afterStep: UInt64)
            case wake
        }

        var time: Time
        var number: UInt64
        var target: PeerID
        var content: Content
    }

    var now: Time
    var events: Int
    var digest: UInt64
    var violations: [String]
    var lostMass: Double
    var random: RandomStream
    var insertions: UInt64
    var peers: [Peer]
    var arrivals: [Arrival]
    /// What the frames under way carry.
    var payloads: Numbers
}

extension Harness where Learning: ~Copyable, Steps: ~Copyable {
    /// The world as it is now, for `restore` in another harness of the same peers.
    public func state() -> HarnessState {
        var shelf = PayloadShelf()
        let arrivals = queue.unordered.sorted().map { scheduled in
            HarnessState.Arrival(
                time: scheduled.time, number: scheduled.number, target: scheduled.target,
                content: HarnessState.Arrival.Content(scheduled.inbound, &shelf))
        }
        let saved = peers.map { peer in
            let (words, numbers) = peer.node.state()
            return HarnessState.Peer(
                node: words, numbers: numbers, surroundings: peer.outbox.state, isAlive: peer.isAlive,
                hasForgotten: peer.hasForgotten)
        }
        return HarnessState(
            now: now, events: events, digest: digest, violations: violations, lostMass: lostMass, random: random,
            insertions: insertions, peers: saved, arrivals: arrivals, payloads: shelf.numbers)
    }

    /// Goes on from such a state, in place of `start`: with as many peers as there were, and their learners and
    /// steppers made as they were.
    public func restore(_ state: HarnessState) throws(StateError) {
        guard state.peers.count == peers.count else {
            throw StateError("the state has \(state.peers.count) peers, and there are \(peers.count)")
        }
        let shelf = try PayloadShelf(state.payloads)
        for (peer, saved) in zip(peers, state.peers) {
            try peer.node.restore(saved.node, saved.numbers)
            try peer.outbox.restore(saved.surroundings)
            peer.isAlive = saved.isAlive
            peer.hasForgotten = saved.hasForgotten
        }
        var arrivals: [Scheduled] = []
        for arrival in state.arrivals {
            arrivals.append(
                Scheduled(
                    time: arrival.time, number: arrival.number, target: arrival.target,
                    inbound: try arrival.content.inbound(to: arrival.target, shelf)))
        }
        queue = Heap(arrivals)
        now = state.now
        events = state.events
        digest = state.digest
        violations = state.violations
        lostMass = state.lostMass
        random = state.random
        insertions = state.insertions
    }
}

extension HarnessState.Arrival.Content {
    init(_ inbound: Inbound, _ shelf: inout PayloadShelf) {
        switch inbound {
        case .frame(let frame):
            switch frame.content {
            case .message(let sequence, let id, let note, let payload):
                self = .message(
                    from: frame.from, sequence: sequence, id: id, note: note, payload: shelf.place(payload))
            case .acknowledgement(let through): self = .acknowledgement(from: frame.from, through: through)
            }
        case .gradientReady(let report): self = .gradientReady(report)
        case .timer(let timer): self = .timer(timer)
        case .peerJoined(let peer, let incarnation): self = .peerJoined(peer, incarnation: incarnation)
        case .peerLeft(let peer): self = .peerLeft(peer)
        case .stop(let step): self = .stop(afterStep: step)
        case .wake: self = .wake
        }
    }

    func inbound(to target: PeerID, _ shelf: PayloadShelf) throws(StateError) -> Inbound {
        switch self {
        case .message(let peer, let sequence, let id, let note, let payload):
            let payload = try shelf.payload(payload)
            return .frame(
                Frame(
                    from: peer, to: target,
                    content: .message(sequence: sequence, id: id, note: note, payload: payload)))
        case .acknowledgement(let peer, let through):
            return .frame(Frame(from: peer, to: target, content: .acknowledgement(through: through)))
        case .gradientReady(let report): return .gradientReady(report)
        case .timer(let timer): return .timer(timer)
        case .peerJoined(let peer, let incarnation): return .peerJoined(peer, incarnation: incarnation)
        case .peerLeft(let peer): return .peerLeft(peer)
        case .stop(let step): return .stop(afterStep: step)
        case .wake: return .wake
        }
    }
}
