public import Configuration
import Graphs

/// Stochastic gradient push: in every round each peer sends shares of its numerator and its weight along the edges that
/// leave it, and steps along a gradient taken at their ratio.
///
/// Citation: M. Assran, N. Loizou, N. Ballas, M. Rabbat, Stochastic gradient push for distributed deep learning, ICML
/// 2019, arXiv:1811.10792.
///
/// Update rule of peer i, with numerator x, weight `w = 1` at first, the de-biased model `z = x / w`, and the matrix P,
/// whose columns add up to 1, in round k:
///
///     x <- optimizer(x, g(z))
///     send (P_ji x, P_ji w) to each receiver j, keep (P_ii x, P_ii w)
///     x, w <- what was kept, plus what comes from the senders of round k
///
/// The model that is tested is z. P is the mixing matrix; under the rule `uniform` it is that of equal shares, 1 over
/// one more than the receivers, which the paper takes in its experiments.
///
/// Assumptions: every peer's value reaches every other within a bounded number of rounds. Edges may be directed. Each
/// column of P adds up to 1, and everybody keeps something. Every message arrives: a peer waits for all its living
/// senders in every round.
///
/// Departures: the weight always travels, also where the graph is regular and it stays 1. A share that will never be
/// delivered comes back. Dead peers are neither sent to nor waited for; when those that are left are no longer
/// connected, they give up, since a peer that only gives would be left with no weight. A peer that joins later has the
/// weight 0 until its donor gives it half of its own numerator and weight, and takes part from a round on that all have
/// agreed on (see `JoinAgreement`). Whoever would only give or only receive is not let in before others join through
/// whom the graph leads from every peer to every other; when the others have made their steps, it comes in without any.
public struct SGP: Algorithm {
    public static let description = Description(
        name: "sgp", summary: "stochastic gradient push over directed edges (Assran et al. 2019)",
        refusals: AggregationRefusal.mass)
    public static let traits = Traits(
        faultTolerance: [.crash, .join], needs: [.connected], isLockStep: true, keepsStepWithNeighbours: true,
        graphUse: .weights)

    let me: PeerID
    let mixing: MixingMatrix
    var stepCounter: StepCounter
    var sum: PushSum
    var exchange: NeighbourExchange
    var joinRequest: JoinRequest
    var joinAgreement: JoinAgreement?
    let founders: Int
    /// Whether this round's shares are sent; and whether they are held back until an admission is complete.
    var hasPushed = false
    var isHeld = false
    public internal(set) var stepsMissed: UInt64 = 0

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try setup.mixing.requireShares(by: Self.description.name)
        me = setup.me
        mixing = setup.mixing
        stepCounter = StepCounter(steps: setup.steps)
        founders = setup.founders
        sum = PushSum(weight: setup.isJoiner ? 0 : 1)
        exchange = NeighbourExchange(without: setup.joiners)
        joinRequest = JoinRequest(setup)
        if graph.disconnection(among: exchange.members(of: graph.peers), by: Self.description.name) != nil {
            throw ConfigurationError(
                key: "name",
                "sgp: without the peers that join later, topology '\(graph.name)' does not lead from every "
                    + "peer to every other; take another one, or let others join")
        }
    }

    var graph: Graph { mixing.graph }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            joinRequest.start()
            if joinRequest.isWaiting { ask(&effects) } else { effects.gradient(at: sum.point) }
        case .gradientReady:
            effects.update()
            if joinAgreement == nil { push(&effects) } else { isHeld = true }
        case .received(.some(let payload), let metadata, let sender):
            if metadata.tag == JoinRequest.tag {
                enter(with: payload, metadata, &effects)
            } else {
                exchange.keep(payload, from: sender, metadata, &effects)
                finishRound(&effects)
            }
        case .received(.none, let metadata, let sender):
            if let joiner = JoinAgreement.joiner(metadata) {
                exchange.begins(joiner, at: metadata.round)
                finishRound(&effects)
            } else if metadata.tag == JoinRequest.refusal {
                joinRequest.refused(by: sender)
                ask(&effects)
            } else if !joinRequest.letsIn(sender, exchange) {
                joinRequest.refuse(sender, &effects)
            } else {
                joinRequest.asked(by: sender)
                admit(&effects)
            }
        case .delivered(let id):
            sum.delivered(id)
            finishJoinAgreement(id, &effects)
        case .returned(let id, .none):
            joinRequest.returned(id)
            finishJoinAgreement(id, &effects)
        case .returned(let id, .some(let payload)):
            sum.returned(id, payload, &effects)
        case .peerLeft(let peer):
            exchange.left(peer)
            joinRequest.left(peer)
            if joinRequest.isWaiting {
                ask(&effects)
            } else if !stepCounter.isDone,
                let reason = graph.disconnection(
                    among: exchange.members(of: graph.peers), by: Self.description.name)
            {
                effects.abandon(reason)
            } else {
                finishRound(&effects)
            }
        case .peerJoined(let peer):
            joinRequest.joined(peer)
            if joinRequest.isJoiner(peer) { exchange.joined(peer) }
            ask(&effects)
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    public var evaluated: Term { sum.point }

    public var invariants: [Invariant] {
        [sum.invariant(peers: founders, waiting: exchange.arrivals.reduce(0) { $0 + $1.weight })]
    }

    // MARK: Rounds

    mutating func push(_ effects: inout Effects) {
        isHeld = false
        hasPushed = true
        let present = Set(exchange.present(graph.neighbours(of: me, round: stepCounter.step), round: stepCounter.step))
        sum.push(
            mixing.shares(of: me, round: stepCounter.step).filter { present.contains($0.peer) },
            round: stepCounter.step, &effects)
        finishRound(&effects)
    }

    /// Adds the shares and goes on once those of all senders of this round are there.
    mutating func finishRound(_ effects: inout Effects) {
        let senders = graph.senders(to: me, round: stepCounter.step)
        guard hasPushed, exchange.isComplete(senders, me: me, round: stepCounter.step) else { return }
        let shares = exchange.take(stepCounter.step)
        sum.add(shares.map { ($0.payload, $0.weight) }, &effects)
        effects.release(shares)
        hasPushed = false
        stepCounter.advance()
        guard stepCounter.isDone else { return effects.gradient(at: sum.point) }
        effects.finish()
        admit(&effects)
    }
}
