import Configuration
import Graphs
import Randomness

/// `GossipPush` where nobody waits for a round.
struct AsynchronousPush: Sendable, Codable {
    private let me: PeerID
    private let graph: Graph
    private let exchangeSchedule: ExchangeSchedule
    private var random: RandomStream
    private var stepCounter: StepCounter
    private var absentPeers = AbsentPeers()
    /// How models are mixed where it is not by the mean.
    private var aggregation: Aggregation?
    /// Models averaged in since the last step.
    private var merged = 0

    init(
        _ setup: Setup, _ options: Options, exchangeSchedule: ExchangeSchedule
    ) throws(ConfigurationError) {
        aggregation = try .make(setup, options, others: min(setup.peers - 1, 1))
        me = setup.me
        graph = setup.graph
        self.exchangeSchedule = exchangeSchedule
        random = RandomStream(seed: setup.seed, purpose: .algorithm, peer: setup.me.rawValue)
        stepCounter = StepCounter(steps: setup.steps)
    }

    mutating func handle(_ event: Event, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady:
            effects.update()
            merged = 0
            if exchangeSchedule.isDue(stepCounter.step, &random) { push(&effects) }
            stepCounter.advance()
            if stepCounter.isDone { effects.finish() } else { effects.gradient() }
        case .received(.some(let payload), _, _):
            let share = 1 / Double(2 + merged)
            if aggregation == nil {
                effects.combine(into: .model, Term(1, .model), Term(share, .received(payload), minus: .model))
            }
            aggregation?.mix(
                into: .model, [Term(1, .model)], own: .model, [Term(share, .received(payload))],
                round: stepCounter.step, &effects)
            merged += 1
        case .peerLeft(let peer):
            absentPeers.left(peer)
        case .peerJoined(let peer):
            absentPeers.joined(peer)
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    private mutating func push(_ effects: inout Effects) {
        guard let peer = absentPeers.draw(from: graph, of: me, round: stepCounter.step, &random) else { return }
        effects.send(.model, metadata: Metadata(round: stepCounter.step), to: peer)
    }
}
