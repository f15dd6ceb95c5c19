public import Configuration

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
/// agreed on (see `Admission`). Whoever would only give or only receive is not let in before others join through whom
/// the graph leads from every peer to every other; when the others have made their steps, it comes in without any.
public struct SGP: Algorithm {
    public static let description = Description(
        name: "sgp", summary: "stochastic gradient push over directed edges (Assran et al. 2019)")
    public static let isLockStep = true
    public static let keepsStepWithNeighbours = true
    public static let graphUse = GraphUse.weights
    public static let promises: Promises = [.death, .join]

    private let me: PeerID
    private let mixing: MixingMatrix
    private var pace: Pace
    private var sum: PushSum
    private var exchange: NeighbourExchange
    private var entrance: Entrance
    private var admission: Admission?
    private let founders: Int
    /// Whether this round's shares are sent; and whether they are held back until an admission is complete.
    private var hasPushed = false
    private var isHeld = false
    public private(set) var stepsMissed: UInt64 = 0

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try options.refuseUnknown(besides: Self.description.options)
        try setup.mixing.requireShares(by: Self.description.name)
        me = setup.me
        mixing = setup.mixing
        pace = Pace(steps: setup.steps)
        founders = setup.founders
        sum = PushSum(weight: setup.isLatecomer ? 0 : 1)
        exchange = NeighbourExchange(without: setup.latecomers)
        entrance = Entrance(setup)
        if graph.disconnection(among: exchange.members(of: graph.peers), by: Self.description.name) != nil {
            throw ConfigurationError(
                key: "name",
                "sgp: without the peers that join later, topology '\(graph.name)' does not lead from every "
                    + "peer to every other; take another one, or let others join")
        }
    }

    private var graph: Graph { mixing.graph }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            entrance.start()
            if entrance.isWaiting { ask(&effects) } else { effects.gradient(at: sum.point) }
        case .gradientReady:
            effects.update()
            if admission == nil { push(&effects) } else { isHeld = true }
        case .received(.some(let payload), let note, let sender):
            if note.channel == Entrance.channel {
                enter(with: payload, note, &effects)
            } else {
                exchange.keep(payload, from: sender, note)
                finishRound(&effects)
            }
        case .received(.none, let note, let sender):
            if let newcomer = Admission.newcomer(note) {
                exchange.begins(newcomer, at: note.round)
                finishRound(&effects)
            } else if note.channel == Entrance.refusal {
                entrance.refused(by: sender)
                ask(&effects)
            } else if entrance.isWaiting || !letsIn(sender) {
                entrance.refuse(sender, &effects)
            } else {
                entrance.asked(by: sender)
                admit(&effects)
            }
        case .delivered(let id):
            sum.delivered(id)
            finishAdmission(id, &effects)
        case .returned(let id, .none):
            entrance.returned(id)
            finishAdmission(id, &effects)
        case .returned(let id, .some(let payload)):
            sum.returned(id, payload, &effects)
        case .peerLeft(let peer):
            exchange.left(peer)
            entrance.left(peer)
            if entrance.isWaiting {
                ask(&effects)
            } else if !pace.isDone,
                let reason = graph.disconnection(
                    among: exchange.members(of: graph.peers), by: Self.description.name)
            {
                effects.abandon(reason)
            } else {
                finishRound(&effects)
            }
        case .peerJoined(let peer):
            entrance.joined(peer)
            if entrance.isLatecomer(peer) { exchange.joined(peer) }
            ask(&effects)
        case .stop(let step):
            pace.stop(after: step)
        case .averaged, .scored, .timer:
            break
        }
    }

    public var evaluated: Term { sum.point }

    public var laws: [Law] {
        [sum.law(peers: founders, waiting: exchange.arrivals.reduce(0) { $0 + $1.weight })]
    }

    // MARK: Joining

    private mutating func ask(_ effects: inout Effects) {
        if !entrance.ask(without: exchange.absentees, prefersNeighbours: false, &effects) {
            effects.abandon("sgp: nobody is there whom peer \(me) could join")
        }
    }

    /// Whether this peer is the one who lets others in: the first founder who is there, or the first of those who came
    /// later. One for all: two at a time could not know of each other's newcomers.
    private func letsIn(_ asker: PeerID) -> Bool {
        func isBefore(_ a: (peer: PeerID, round: UInt64), _ b: (peer: PeerID, round: UInt64)) -> Bool {
            (a.round, a.peer) < (b.round, b.peer)
        }
        guard entrance.isLatecomer(me) else { return true }
        let members = Set(exchange.members(of: graph.peers)).subtracting([asker])
        let first = exchange.beginnings.filter { members.contains($0.peer) }.min(by: isBefore)?.peer
        return members.allSatisfy(entrance.isLatecomer) && first == me
    }

    /// Begins in the round that was fixed, with what the donor gave and what has come for earlier rounds.
    private mutating func enter(with gift: PayloadID, _ note: Note, _ effects: inout Effects) {
        sum.add([(gift, note.weight)] + exchange.take(before: note.round).map { ($0.payload, $0.weight) }, &effects)
        exchange.joined(me)
        // As a donor it will tell of itself, too.
        exchange.begins(me, at: note.round)
        pace.join(at: min(note.round, pace.last))
        stepsMissed = pace.step
        entrance.begin()
        entrance.receiveShare()
        if pace.isDone { effects.finish() } else { effects.gradient(at: sum.point) }
    }

    /// Lets in those who have asked and with whom the graph leads from every peer to every other. Once the steps are
    /// made that does not matter any more.
    private mutating func admit(_ effects: inout Effects) {
        guard admission == nil, !entrance.askers.isEmpty else { return }
        let members = exchange.members(of: graph.peers)
        let reachable = graph.component(of: me, among: members + entrance.askers)
        let newcomers = entrance.askers.filter { pace.isDone || reachable.contains($0) }
        guard !newcomers.isEmpty else { return }
        entrance.answer(newcomers)
        let others = exchange.absentees.present((0..<graph.peers).map { PeerID($0) })
            .filter { $0 != me && !newcomers.contains($0) }
        let admission = Admission(
            of: newcomers, in: graph, round: pace.step, after: exchange.beginnings.map(\.round).max() ?? 0,
            telling: others, &entrance, &effects)
        for newcomer in newcomers { exchange.begins(newcomer, at: admission.round) }
        self.admission = admission
        finishAdmission(nil, &effects)
    }

    /// Gives to the newcomers once all have heard of them, and tells them of each other and of those who came before.
    private mutating func finishAdmission(_ id: MessageID?, _ effects: inout Effects) {
        if let id { admission?.settled(id) }
        guard let complete = admission, complete.isComplete else { return }
        admission = nil
        for newcomer in complete.newcomers {
            for (peer, round) in exchange.beginnings where peer != newcomer {
                Admission.tell(newcomer, of: peer, round: round, entrance.nextMessage(), &effects)
            }
        }
        let share = 1 / Double(complete.newcomers.count + 1)
        sum.push(
            complete.newcomers.map { MixingWeight(peer: $0, weight: share) }, round: complete.round,
            channel: Entrance.channel, &effects)
        if isHeld { push(&effects) }
        admit(&effects)
    }

    // MARK: Rounds

    private mutating func push(_ effects: inout Effects) {
        isHeld = false
        hasPushed = true
        let present = Set(exchange.present(graph.neighbours(of: me, round: pace.step), round: pace.step))
        sum.push(
            mixing.shares(of: me, round: pace.step).filter { present.contains($0.peer) }, round: pace.step, &effects)
        finishRound(&effects)
    }

    /// Adds the shares and goes on once those of all senders of this round are there.
    private mutating func finishRound(_ effects: inout Effects) {
        let senders = graph.senders(to: me, round: pace.step)
        guard hasPushed, exchange.isComplete(senders, me: me, round: pace.step) else { return }
        sum.add(exchange.take(pace.step).map { ($0.payload, $0.weight) }, &effects)
        hasPushed = false
        pace.advance()
        guard pace.isDone else { return effects.gradient(at: sum.point) }
        effects.finish()
        admit(&effects)
    }
}
