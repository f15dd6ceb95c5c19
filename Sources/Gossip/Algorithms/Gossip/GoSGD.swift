public import Configuration
import Graphs
import Randomness

/// Gossip SGD with sum weights: every peer learns for itself, now and then sends half of its weight with a snapshot of
/// its model to one random neighbour, and never waits for anybody.
///
/// Citation: M. Blot, D. Picard, M. Cord, N. Thome, Gossip training for deep learning, arXiv:1611.09726, 2016;
/// the same authors, Distributed optimization for deep learning with gossip exchange, Neurocomputing 330, 2019.
///
/// Update rule, with weight `a = 1/n` at first, in every step:
///
///     x <- optimizer(x, g(x))
///     for each message (y, b) that has come:   x <- (a x + b y) / (a + b),  a <- a + b
///     with probability p:                      a <- a / 2, send (x, a) to a neighbour drawn uniformly
///
/// Assumptions: a connected graph. No mixing matrix and no double stochasticity: the sum of `a` over peers and messages
/// in flight stays 1, and so does the `a`-weighted mean of the models but for the gradients.
///
/// Departures: messages are merged on arrival into one side vector (its weight is their sum), which gives the same
/// model as a queue emptied at the end of the step and keeps a slow peer's memory bounded. The queue is emptied between
/// the step and the push, as in the published implementations; the paper empties it before the step. Neighbours are
/// those of the chosen graph; the paper's is complete. Only those who live are drawn. A message that will never be
/// delivered gives its weight back to the sender. A peer that joins later has the weight 0 until one of the others
/// gives it half of its own; where nobody who is there has any it begins with 0, and asks whoever comes. At first the
/// weights are `1/n` of those who are there. On an open network a peer that leaves says so to all who are there, and
/// gives its whole weight to one of them who does not leave; and at most `under_way` pushes go over its links at once,
/// which paces whoever's links are slow: a step whose push finds no room ends without one.
public struct GoSGD: Algorithm {
    static let probability = Option.number(
        "probability", default: 0.1, in: 0...1, "chance that a step ends with a push (p)")

    static let underWay = Option.optionalInteger(
        "under_way", in: 1...1_000_000,
        "pushes on their way to peers who are there, at the most; null: 2 on an open network, else any number")

    public static let description = Description(
        name: "gosgd", summary: "asynchronous push gossip with sum weights (Blot et al. 2016)",
        options: [probability.description, underWay.description],
        refusals: AggregationRefusal.mass)
    public static let traits = Traits(
        faultTolerance: [.crash, .restart, .join], needs: [.connected], graphUse: .edges, isOpen: true,
        stepsFirst: true)

    private let me: PeerID
    private let graph: Graph
    private let probability: Double
    private var random: RandomStream
    private var stepCounter: StepCounter
    private var absentPeers: AbsentPeers
    private var joinRequest: JoinRequest
    private(set) var weight: Double
    /// What has come and is not merged yet.
    private(set) var queue: [WeightedShare] = []
    private var pushesUnderWay: PushesUnderWay
    /// The step behind which the peer leaves; nil while it stays.
    private var leavesBehind: UInt64?

    /// The tag of a message that says that its sender is about to leave, and is to be given nothing: two who
    /// leave would pass the whole weight to each other forever.
    private static let leaving: UInt32 = 3

    /// How many payloads may wait before they are folded into one vector.
    private static let queueLimit = 3

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        me = setup.me
        graph = setup.graph
        probability = try options.value(Self.probability)
        random = RandomStream(seed: setup.seed, purpose: .algorithm, peer: setup.me.rawValue)
        stepCounter = StepCounter(steps: setup.steps)
        absentPeers = AbsentPeers(setup.joiners)
        joinRequest = JoinRequest(setup)
        pushesUnderWay = PushesUnderWay(limit: try options.value(Self.underWay) ?? (setup.isOpen ? 2 : nil))
        weight = setup.isJoiner ? 0 : 1 / Double(setup.founders)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            joinRequest.start()
            if joinRequest.isWaiting { ask(&effects) } else { effects.gradient() }
        case .gradientReady where leavesBehind == nil:
            endStep(&effects)
        case .received(.some(let payload), let metadata, _):
            accept(payload, metadata.weight, &effects)
        case .returned(let id, .some(let payload)):
            accept(payload, pushesUnderWay.settled(id), &effects)
        case .delivered(let id):
            pushesUnderWay.settled(id)
        case .received(.none, let metadata, let peer) where metadata.tag == JoinRequest.refusal:
            joinRequest.refused(by: peer)
            ask(&effects)
        case .received(.none, let metadata, let peer) where metadata.tag == Self.leaving:
            absentPeers.left(peer)
        case .received(.none, _, let asker):
            let hasNone = joinRequest.lacksShare || leavesBehind != nil
            if hasNone { joinRequest.refuse(asker, &effects) } else { push(weight / 2, to: asker, &effects) }
        case .peerLeft(let peer):
            absentPeers.left(peer)
            pushesUnderWay.left(peer)
            joinRequest.left(peer)
            ask(&effects)
        case .returned(let id, .none):
            joinRequest.returned(id)
        case .peerJoined(let peer):
            absentPeers.joined(peer)
            joinRequest.joined(peer)
            ask(&effects)
            if leavesBehind != nil { takeLeave(of: peer, &effects) }
            giveAway(&effects)
        case .leave:
            leave(&effects)
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    public var invariants: [Invariant] {
        [Invariant(name: Invariant.mass, total: 1, held: queue.reduce(weight) { $0 + $1.weight })]
    }

    private mutating func endStep(_ effects: inout Effects) {
        effects.update()
        stepCounter.advance()
        mergeQueue(&effects)
        if random.bernoulli(probability), !pushesUnderWay.isFull,
            let peer = absentPeers.draw(from: graph, of: me, round: stepCounter.step, &random)
        {
            push(weight / 2, to: peer, &effects)
        }
        if stepCounter.isDone { effects.finish() } else { effects.gradient() }
    }

    private mutating func accept(_ payload: PayloadID, _ weight: Double, _ effects: inout Effects) {
        effects.keep(payload)
        queue.append(WeightedShare(vector: .received(payload), weight: weight))
        if weight > 0 { joinRequest.receiveShare() }
        if joinRequest.isWaiting {
            if !joinRequest.lacksShare { begin(&effects) }
        } else if stepCounter.isDone {
            // A peer that has made its steps has no step's end to wait for.
            mergeQueue(&effects)
            giveAway(&effects)
        } else if queue.count > Self.queueLimit {
            let total = WeightedShare.merge(queue, into: .named(0), &effects)
            queue = [WeightedShare(vector: .named(0), weight: total)]
        }
    }

    private mutating func mergeQueue(_ effects: inout Effects) {
        guard !queue.isEmpty else { return }
        weight = WeightedShare.merge([WeightedShare(vector: .model, weight: weight)] + queue, into: .model, &effects)
        queue = []
    }

    private mutating func ask(_ effects: inout Effects) {
        guard leavesBehind == nil else { return }
        let hasHope = joinRequest.ask(without: absentPeers, prefersNeighbours: true, &effects)
        if !hasHope, joinRequest.isWaiting { begin(&effects) }
    }

    /// Begins with what has come, if anything has.
    private mutating func begin(_ effects: inout Effects) {
        mergeQueue(&effects)
        joinRequest.begin()
        effects.gradient()
    }

    /// Sends so much of the weight with the model.
    private mutating func push(_ share: Double, to target: PeerID, _ effects: inout Effects) {
        weight -= share
        let id = effects.send(.model, metadata: Metadata(round: stepCounter.step, weight: share), to: target)
        pushesUnderWay.sent(id, weight: share, to: target)
    }

    private mutating func leave(_ effects: inout Effects) {
        guard leavesBehind == nil else { return }
        leavesBehind = stepCounter.step
        stepCounter.end()
        joinRequest.begin()
        mergeQueue(&effects)
        for peer in absentPeers.present(graph.neighbours(of: me, round: stepCounter.step)) {
            takeLeave(of: peer, &effects)
        }
        giveAway(&effects)
        effects.finish()
    }

    private func takeLeave(of peer: PeerID, _ effects: inout Effects) {
        effects.send(nil, metadata: Metadata(tag: Self.leaving), to: peer)
    }

    /// Where the peer leaves, gives its whole weight to one of those who are there; where nobody is, to the next who
    /// comes.
    private mutating func giveAway(_ effects: inout Effects) {
        guard leavesBehind != nil, weight > 0,
            let heir = absentPeers.draw(from: graph, of: me, round: stepCounter.step, &random)
        else { return }
        push(weight, to: heir, &effects)
    }
}
