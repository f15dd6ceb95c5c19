public import Configuration
import Randomness

/// Pull gossip: now and then a peer asks a random neighbour for its model and goes to the middle between the two.
///
/// Citation: P. H. Jin, Q. Yuan, F. Iandola, K. Keutzer, How to scale distributed deep learning?, arXiv:1611.04581,
/// 2016.
///
/// Update rule, every tau steps or with probability p in each, for a neighbour j drawn uniformly:
///
///     x_i <- (x_i + x_j) / 2
///     x_i <- optimizer(x_i, g_i(x_i))
///
/// Assumptions: a connected graph. Only the expectation of the mean is kept: the neighbour does not move.
///
/// Departures: the neighbour is asked when the gradient begins, so that its model comes meanwhile; the gradient is
/// taken at the model before the average. A neighbour that dies before it has answered is passed over. There is no
/// synchronous variant.
public struct GossipPull: Algorithm {
    static let period = Option.optionalInteger(
        "period", in: 1 ... .max, "steps between two pulls (tau); null: 1, or by probability where that is given")
    static let probability = Option.optionalNumber(
        "probability", in: 0...1, "chance that a step begins with a pull (p), instead of a period")

    public static let description = Description(
        name: "gossip-pull", summary: "asynchronous pull gossip: averages with a random neighbour (Jin et al. 2016)",
        options: [period.description, probability.description])
    public static let promises: Promises = [.death, .restart]

    private enum Channel {
        static let request: UInt32 = 0
        static let reply: UInt32 = 1
    }

    private let me: PeerID
    private let graph: Graph
    private let period: UInt64
    private let probability: Double?
    private var random: RandomStream
    private var pace: Pace
    private var absentees = Absentees()
    /// Whose answer is awaited, to which request; and what has come of it.
    private var partner: PeerID?
    private var request: MessageID?
    private var answer: PayloadID?
    private var hasGradient = false
    private var messages: UInt64 = 0

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try options.refuseUnknown(besides: Self.description.options)
        try setup.mixing.require(.connected, by: Self.description.name)
        let period = try options.value(Self.period)
        probability = try options.value(Self.probability)
        guard period == nil || probability == nil else {
            throw ConfigurationError(
                key: "probability", "gossip-pull pulls by a period or by a probability; leave one of the two out")
        }
        self.period = UInt64(period ?? 1)
        me = setup.me
        graph = setup.graph
        random = RandomStream(seed: setup.seed, purpose: .algorithm, peer: setup.me.rawValue)
        pace = Pace(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            begin(&effects)
        case .gradientReady:
            hasGradient = true
            finishStep(&effects)
        case .received(.none, let note, let asker):
            send(.model, Channel.reply, round: note.round, to: asker, &effects)
        case .received(.some(let payload), let note, let sender):
            guard sender == partner, note.round == pace.step else {
                effects.release(payload)
                break
            }
            partner = nil
            answer = payload
            finishStep(&effects)
        case .returned(_, .some(let payload)):
            effects.release(payload)
        case .returned(let id, .none):
            if request == id { partner = nil }
            finishStep(&effects)
        case .peerLeft(let peer):
            absentees.left(peer)
            if partner == peer { partner = nil }
            finishStep(&effects)
        case .peerJoined(let peer):
            absentees.joined(peer)
        case .stop(let step):
            pace.stop(after: step)
        case .averaged, .delivered, .timer:
            break
        }
    }

    private mutating func begin(_ effects: inout Effects) {
        let isDue = probability.map { random.bernoulli($0) } ?? (pace.step % period == 0)
        if isDue, let peer = absentees.draw(from: graph, of: me, round: pace.step, &random) {
            partner = peer
            request = send(nil, Channel.request, round: pace.step, to: peer, &effects)
        }
        effects.gradient()
    }

    /// Averages and steps once the gradient is there and nobody's answer is awaited.
    private mutating func finishStep(_ effects: inout Effects) {
        guard hasGradient, partner == nil else { return }
        if let payload = answer {
            effects.combine(into: .model, Term(0.5, .model), Term(0.5, .received(payload)))
            effects.release(payload)
        }
        answer = nil
        hasGradient = false
        effects.update()
        pace.advance()
        if pace.isDone { effects.finish() } else { begin(&effects) }
    }

    @discardableResult
    private mutating func send(
        _ vector: Vector?, _ channel: UInt32, round: UInt64, to peer: PeerID, _ effects: inout Effects
    ) -> MessageID {
        messages += 1
        let id = MessageID(rawValue: messages)
        effects.send(vector, note: Note(round: round, channel: channel), to: peer, id: id)
        return id
    }
}
