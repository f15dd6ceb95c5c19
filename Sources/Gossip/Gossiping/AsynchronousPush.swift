import Randomness

/// `GossipPush` where nobody waits for a round.
struct AsynchronousPush: Sendable, Codable {
    private let me: PeerID
    private let graph: Graph
    private let occasion: Occasion
    private var random: RandomStream
    private var pace: Pace
    private var absentees = Absentees()
    /// Models averaged in since the last step.
    private var merged = 0
    private var messages: UInt64 = 0

    init(_ setup: Setup, occasion: Occasion) {
        me = setup.me
        graph = setup.graph
        self.occasion = occasion
        random = RandomStream(seed: setup.seed, purpose: .algorithm, peer: setup.me.rawValue)
        pace = Pace(steps: setup.steps)
    }

    mutating func handle(_ event: Event, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady:
            effects.update()
            merged = 0
            if occasion.isDue(pace.step, &random) { push(&effects) }
            pace.advance()
            if pace.isDone { effects.finish() } else { effects.gradient() }
        case .received(.some(let payload), _, _):
            let share = 1 / Double(2 + merged)
            effects.combine(into: .model, Term(1, .model), Term(share, .received(payload), minus: .model))
            effects.release(payload)
            merged += 1
        case .returned(_, .some(let payload)):
            effects.release(payload)
        case .peerLeft(let peer):
            absentees.left(peer)
        case .peerJoined(let peer):
            absentees.joined(peer)
        case .stop(let step):
            pace.stop(after: step)
        case .received(.none, _, _), .returned(_, .none), .averaged, .scored, .delivered, .timer:
            break
        }
    }

    private mutating func push(_ effects: inout Effects) {
        guard let peer = absentees.draw(from: graph, of: me, round: pace.step, &random) else { return }
        messages += 1
        effects.send(.model, note: Note(round: pace.step), to: peer, id: MessageID(rawValue: messages))
    }
}
