import Configuration
import Graphs
import Randomness

/// `GossipPull` where nobody waits for a round.
struct AsynchronousPull: Sendable, Codable {
    private enum Channel {
        static let request: UInt32 = 0
        static let reply: UInt32 = 1
    }

    private struct Answer: Sendable, Codable {
        let payload: PayloadID
        let sender: PeerID
        let metadata: Metadata
    }

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
    /// Whose answer is awaited, to which request; and what has come of it.
    private var partner: PeerID?
    private var request: MessageID?
    private var answer: Answer?
    private var hasGradient = false

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
            begin(&effects)
        case .gradientReady:
            hasGradient = true
            finishStep(&effects)
        case .received(.none, let metadata, let asker):
            send(.model, Channel.reply, round: metadata.round, to: asker, &effects)
        case .received(.some(let payload), let metadata, let sender):
            guard sender == partner, metadata.round == stepCounter.step else { break }
            partner = nil
            answer = Answer(payload: payload, sender: sender, metadata: metadata)
            effects.keep(payload)
            finishStep(&effects)
        case .measured, .scored:
            if trust?.answered(event, &effects) == true { mix(0.5 * (trust?.share ?? 1), &effects) }
        case .returned(let id, .none):
            if request == id { partner = nil }
            finishStep(&effects)
        case .peerLeft(let peer):
            absentPeers.left(peer)
            if partner == peer { partner = nil }
            finishStep(&effects)
        case .peerJoined(let peer):
            absentPeers.joined(peer)
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    private mutating func begin(_ effects: inout Effects) {
        trust?.advance(to: stepCounter.step, &effects)
        if exchangeSchedule.isDue(stepCounter.step, &random), let peer = drawPartner() {
            partner = peer
            request = send(nil, Channel.request, round: stepCounter.step, to: peer, &effects)
        }
        effects.gradient()
    }

    /// Averages and steps once the gradient is there and nobody's answer is awaited.
    private mutating func finishStep(_ effects: inout Effects) {
        guard hasGradient, partner == nil else { return }
        if let answer, trust != nil {
            trust?.inspect(answer.payload, from: answer.sender, answer.metadata, &effects)
        } else {
            mix(0.5, &effects)
        }
    }

    /// Takes so much of the answer, where there is one, and ends the step.
    private mutating func mix(_ weight: Double, _ effects: inout Effects) {
        if let payload = answer?.payload {
            if aggregation != nil {
                if weight > 0 {
                    aggregation?.mix(
                        into: .model, [Term(1, .model)], own: .model, [Term(weight, .received(payload))],
                        round: stepCounter.step, &effects)
                }
            } else if trust == nil {
                effects.combine(into: .model, Term(0.5, .model), Term(0.5, .received(payload)))
            } else if weight > 0 {
                effects.combine(into: .model, Term(1, .model), Term(weight, .received(payload), minus: .model))
            }
            effects.release(payload)
        }
        answer = nil
        hasGradient = false
        effects.update()
        stepCounter.advance()
        if stepCounter.isDone { effects.finish() } else { begin(&effects) }
    }

    private mutating func drawPartner() -> PeerID? {
        guard let trust else { return absentPeers.draw(from: graph, of: me, round: stepCounter.step, &random) }
        return trust.draw(absentPeers.present(graph.neighbours(of: me, round: stepCounter.step)), &random)
    }

    var trustInNeighbours: [TrustStanding] { trust?.standings ?? [] }

    @discardableResult
    private mutating func send(
        _ vector: Vector?, _ tag: UInt32, round: UInt64, to peer: PeerID, _ effects: inout Effects
    ) -> MessageID {
        let referral = vector == nil ? 0 : trust?.referral(to: peer, round: round) ?? 0
        return effects.send(vector, metadata: Metadata(round: round, tag: tag, weight: referral), to: peer)
    }
}
