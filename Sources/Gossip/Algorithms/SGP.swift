public import Configuration

/// Stochastic gradient push: in every round each peer sends equal shares of its numerator and its weight along the
/// edges that leave it, and steps along a gradient taken at their ratio.
///
/// Citation: M. Assran, N. Loizou, N. Ballas, M. Rabbat, Stochastic gradient push for distributed deep learning, ICML
/// 2019, arXiv:1811.10792.
///
/// Update rule, with numerator x, weight `w = 1` at first, the de-biased model `z = x / w`, and d receivers in round k:
///
///     x <- optimizer(x, g(z))
///     send (x, w) / (d + 1) to each receiver, keep as much
///     x, w <- what was kept, plus what comes from the senders of round k
///
/// The model that is tested is z.
///
/// Assumptions: every peer's value reaches every other within a bounded number of rounds. Edges may be directed, and
/// the topology's weights are not used: shares are uniform. Every message arrives: a peer waits for all its living
/// senders in every round.
///
/// Departures: the weight always travels, also where the graph is regular and it stays 1. A share that will never be
/// delivered comes back. Dead peers are neither sent to nor waited for; when those that are left are no longer
/// connected, they give up, since a peer that only gives would be left with no weight.
public struct SGP: Algorithm {
    public static let description = Description(
        name: "sgp", summary: "stochastic gradient push over directed edges (Assran et al. 2019)")
    public static let isLockStep = true
    public static let keepsStepWithNeighbours = true
    public static let promises: Promises = .death

    private let me: PeerID
    private let graph: Graph
    private var pace: Pace
    private var sum = PushSum()
    private var exchange = NeighbourExchange()
    /// Whether this round's shares are sent.
    private var hasPushed = false

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try options.refuseUnknown(besides: Self.description.options)
        try setup.mixing.require(.connected, by: Self.description.name)
        me = setup.me
        graph = setup.graph
        pace = Pace(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient(at: sum.point)
        case .gradientReady:
            effects.update()
            let receivers = graph.neighbours(of: me, round: pace.step)
            sum.push(to: exchange.absentees.present(receivers), round: pace.step, &effects)
            hasPushed = true
            finishRound(&effects)
        case .received(.some(let payload), let note, let sender):
            exchange.keep(payload, from: sender, note)
            finishRound(&effects)
        case .delivered(let id):
            sum.delivered(id)
        case .returned(let id, .some(let payload)):
            sum.returned(id, payload, &effects)
        case .peerLeft(let peer):
            exchange.left(peer)
            if !pace.isDone, let reason = graph.disconnection(without: exchange.absentees, by: Self.description.name) {
                effects.abandon(reason)
            } else {
                finishRound(&effects)
            }
        case .stop(let step):
            pace.stop(after: step)
        case .received(.none, _, _), .returned(_, .none), .averaged, .scored, .peerJoined, .timer:
            break
        }
    }

    public var evaluated: Term { sum.point }

    public var laws: [Law] {
        [sum.law(peers: graph.peers, waiting: exchange.arrivals.reduce(0) { $0 + $1.weight })]
    }

    /// Adds the shares and goes on once those of all senders of this round are there.
    private mutating func finishRound(_ effects: inout Effects) {
        let senders = graph.senders(to: me, round: pace.step)
        guard hasPushed, exchange.isComplete(senders, me: me, round: pace.step) else { return }
        sum.add(exchange.take(pace.step).map { ($0.payload, $0.weight) }, &effects)
        hasPushed = false
        pace.advance()
        if pace.isDone { effects.finish() } else { effects.gradient(at: sum.point) }
    }
}
