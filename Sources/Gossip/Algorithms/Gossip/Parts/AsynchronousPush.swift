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
    /// What the peer makes of its neighbours; nil where it trusts all alike.
    private var trust: TrustedPartners?
    /// Models averaged in since the last step.
    private var merged = 0
    /// What came and is looked at.
    private var arrival: PayloadID?

    init(
        _ setup: Setup, _ options: Options, exchangeSchedule: ExchangeSchedule, trust: TrustSettings?
    ) throws(ConfigurationError) {
        aggregation = try .make(setup, options, others: min(setup.peers - 1, 1))
        me = setup.me
        graph = setup.graph
        self.exchangeSchedule = exchangeSchedule
        random = RandomStream(seed: setup.seed, purpose: .algorithm, peer: setup.me.rawValue)
        stepCounter = StepCounter(steps: setup.steps)
        if let trust { self.trust = try TrustedPartners(trust, setup) }
    }

    mutating func handle(_ event: Event, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady:
            effects.update()
            merged = 0
            trust?.advance(to: stepCounter.step, &effects)
            if exchangeSchedule.isDue(stepCounter.step, &random) { push(&effects) }
            stepCounter.advance()
            if stepCounter.isDone { effects.finish() } else { effects.gradient() }
        case .received(.some(let payload), let metadata, let sender):
            if trust == nil {
                merge(payload, share: 1, &effects)
            } else {
                arrival = payload
                effects.keep(payload)
                trust?.inspect(payload, from: sender, metadata, &effects)
            }
        case .measured, .scored:
            if trust?.answered(event, &effects) == true, let payload = arrival {
                merge(payload, share: trust?.share ?? 1, &effects)
                effects.release(payload)
                arrival = nil
            }
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
        guard let peer = drawPartner() else { return }
        let referral = trust?.referral(to: peer, round: stepCounter.step) ?? 0
        effects.send(.model, metadata: Metadata(round: stepCounter.step, weight: referral), to: peer)
    }

    /// Takes a model in, or so much of it.
    private mutating func merge(_ payload: PayloadID, share: Double, _ effects: inout Effects) {
        guard share > 0 else { return }
        let weight = share / Double(2 + merged)
        if aggregation == nil {
            effects.combine(into: .model, Term(1, .model), Term(weight, .received(payload), minus: .model))
        }
        aggregation?.mix(
            into: .model, [Term(1, .model)], own: .model, [Term(weight, .received(payload))], round: stepCounter.step,
            &effects)
        merged += 1
    }

    private mutating func drawPartner() -> PeerID? {
        guard let trust else { return absentPeers.draw(from: graph, of: me, round: stepCounter.step, &random) }
        return trust.draw(absentPeers.present(graph.neighbours(of: me, round: stepCounter.step)), &random)
    }

    var trustInNeighbours: [TrustStanding] { trust?.standings ?? [] }
}
