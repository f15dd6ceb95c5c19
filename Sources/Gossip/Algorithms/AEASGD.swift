public import Configuration

/// Asynchronous elastic averaging SGD: every so often a worker and a centre pull each other together by the same
/// elastic force.
///
/// Citation: S. Zhang, A. Choromanska, Y. LeCun, Deep learning with elastic averaging SGD, NIPS 2015, arXiv:1412.6651.
///
/// Update rule of a worker, with the centre c, in every step whose number tau divides:
///
///     e <- alpha (x - c)                    c as the centre was when asked
///     x <- optimizer(x, g(x)) - e,  c <- c + e
///
/// and `x <- optimizer(x, g(x))` in the others. The centre only adds, so that the workers' forces commute, and e is
/// computed once, so that `c + sum of x` moves by the gradients only. Alpha is 0.9 / peers unless it is given.
///
/// Assumptions: the centre lives; workers wait for its answer in every tau-th step, and give up when it is gone. The
/// graph is not used.
///
/// Departures: none. The centre begins with the model that the workers begin with, and is the model that the run
/// leaves.
public struct AEASGD: Algorithm {
    static let alpha = Option.optionalNumber(
        "alpha", in: .leastNonzeroMagnitude...1, "elastic force of an exchange; null: 0.9 / peers (alpha)")
    static let period = Option.integer("period", default: 10, in: 1 ... .max, "steps between two exchanges (tau)")

    public static let description = Description(
        name: "aeasgd", summary: "asynchronous elastic averaging around a centre (Zhang et al. 2015)",
        options: [alpha.description, period.description])
    public static let servers = 1
    public static let promises: Promises = [.death, .restart]

    private enum Channel {
        static let request: UInt32 = 0
        static let centre: UInt32 = 1
        static let force: UInt32 = 2
    }

    private static let force = Vector.named(0)

    private let isCentre: Bool
    private let alpha: Double
    private let period: UInt64
    private var pace: Pace
    private var tie: ServerTie
    private var isWaiting = false
    private var messages: UInt64 = 0

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try options.refuseUnknown(besides: Self.description.options)
        isCentre = setup.isServer
        alpha = try options.value(Self.alpha) ?? 0.9 / Double(setup.peers)
        period = UInt64(try options.value(Self.period))
        pace = Pace(steps: setup.steps)
        tie = ServerTie(setup)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            if isCentre { effects.finish() } else { begin(&effects) }
        case .gradientReady:
            effects.update()
            pace.advance()
            if pace.isDone { effects.finish() } else { begin(&effects) }
        case .received(.none, _, let worker):
            send(.model, Channel.centre, to: worker, &effects)
        case .received(.some(let payload), let note, _):
            if note.channel == Channel.force {
                effects.combine(into: .model, Term(1, .model), Term(1, .received(payload)))
            } else if isWaiting {
                pull(payload, &effects)
            }
            effects.release(payload)
        case .returned(_, .some(let payload)):
            // A force that the centre will never feel; or an answer to a worker that is gone.
            if !isCentre { effects.combine(into: .model, Term(1, .model), Term(1, .received(payload))) }
            effects.release(payload)
        case .peerLeft(let peer):
            if peer == tie.server, !pace.isDone { tie.left(now: now, &effects) }
        case .peerJoined(let peer):
            guard peer == tie.server, tie.isGone else { break }
            tie.joined()
            if isWaiting { send(nil, Channel.request, to: tie.server, &effects) }
        case .timer:
            if !pace.isDone { tie.patienceEnded(Self.description.name, &effects) }
        case .stop(let step):
            pace.stop(after: step)
        case .returned(_, .none), .averaged, .delivered:
            break
        }
    }

    private mutating func begin(_ effects: inout Effects) {
        isWaiting = pace.step % period == 0
        if isWaiting { send(nil, Channel.request, to: tie.server, &effects) } else { effects.gradient() }
    }

    /// The gradient is taken at the model before the force moves it.
    private mutating func pull(_ centre: PayloadID, _ effects: inout Effects) {
        isWaiting = false
        effects.combine(into: Self.force, Term(alpha, .model), Term(-alpha, .received(centre)))
        send(Self.force, Channel.force, to: tie.server, &effects)
        effects.gradient()
        effects.combine(into: .model, Term(1, .model), Term(-1, Self.force))
    }

    private mutating func send(_ vector: Vector?, _ channel: UInt32, to peer: PeerID, _ effects: inout Effects) {
        messages += 1
        effects.send(
            vector, note: Note(round: pace.step, channel: channel), to: peer, id: MessageID(rawValue: messages))
    }
}
