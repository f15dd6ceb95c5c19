import Configuration

/// Both ends of the elastic tie of `AEASGD` and `EAMSGD`: a worker that asks for the centre and sends a force, and the
/// centre that answers and adds.
struct ElasticTie: Sendable, Codable {
    static let alpha = Option.optionalNumber(
        "alpha", in: .leastNonzeroMagnitude...1, "elastic force of an exchange; null: 0.9 / peers (alpha)")
    static let period = Option.integer("period", default: 10, in: 1 ... .max, "steps between two exchanges (tau)")

    private enum Channel {
        static let request: UInt32 = 0
        static let centre: UInt32 = 1
        static let force: UInt32 = 2
    }

    private static let force = Vector.named(0)

    private let algorithm: String
    private let isCentre: Bool
    private let alpha: Double
    private let period: UInt64
    private var pace: Pace
    private var tie: ServerTie
    private(set) var isWaiting = false
    /// Whose forces the centre has felt, up to which step.
    private var felt = ServedSteps()
    private var messages: UInt64 = 0

    init(_ setup: Setup, options: Options, by algorithm: String) throws(ConfigurationError) {
        self.algorithm = algorithm
        isCentre = setup.isServer
        alpha = try options.value(Self.alpha) ?? 0.9 / Double(setup.peers)
        period = UInt64(try options.value(Self.period))
        pace = Pace(steps: setup.steps)
        tie = ServerTie(setup)
    }

    /// Handles an event, where `compute` asks for a gradient and `update` is what it does.
    mutating func handle(
        _ event: Event, now: Time, _ effects: inout Effects, compute: (inout Effects) -> Void,
        update: (inout Effects) -> Void
    ) {
        switch event {
        case .start:
            if isCentre { effects.finish() } else { begin(&effects, compute) }
        case .gradientReady:
            update(&effects)
            pace.advance()
            if pace.isDone { effects.finish() } else { begin(&effects, compute) }
        case .received(.none, _, let worker):
            send(.model, Channel.centre, to: worker, &effects)
        case .received(.some(let payload), let note, let worker):
            if note.channel == Channel.force {
                effects.combine(into: .model, Term(1, .model), Term(1, .received(payload)))
                felt.served(worker, through: note.round + period)
            } else if isWaiting {
                pull(payload, &effects, compute)
            }
            effects.release(payload)
        case .returned(_, .some(let payload)):
            // A force that the centre will never feel; or an answer to a worker that is gone.
            if !isCentre { effects.combine(into: .model, Term(1, .model), Term(1, .received(payload))) }
            effects.release(payload)
        case .peerLeft(let peer):
            felt.left(peer)
            if peer == tie.server, !pace.isDone { tie.left(now: now, &effects) }
        case .peerJoined(let peer):
            felt.joined(peer)
            guard peer == tie.server, tie.isGone else { break }
            tie.joined()
            if isWaiting { send(nil, Channel.request, to: tie.server, &effects) }
        case .timer:
            if !pace.isDone { tie.patienceEnded(algorithm, &effects) }
        case .stop(let step):
            pace.stop(after: step)
        case .returned(_, .none), .averaged, .scored, .delivered:
            break
        }
    }

    /// An exchange is made in the first step of a period, and its force is that of the whole period.
    func lastStep(of worker: PeerID) -> UInt64 { felt.lastStep(of: worker) }

    private mutating func begin(_ effects: inout Effects, _ compute: (inout Effects) -> Void) {
        isWaiting = pace.step % period == 0
        if isWaiting { send(nil, Channel.request, to: tie.server, &effects) } else { compute(&effects) }
    }

    /// The gradient is taken at the model before the force moves it.
    private mutating func pull(_ centre: PayloadID, _ effects: inout Effects, _ compute: (inout Effects) -> Void) {
        isWaiting = false
        effects.combine(into: Self.force, Term(alpha, .model), Term(-alpha, .received(centre)))
        send(Self.force, Channel.force, to: tie.server, &effects)
        compute(&effects)
        effects.combine(into: .model, Term(1, .model), Term(-1, Self.force))
    }

    private mutating func send(_ vector: Vector?, _ channel: UInt32, to peer: PeerID, _ effects: inout Effects) {
        messages += 1
        effects.send(
            vector, note: Note(round: pace.step, channel: channel), to: peer, id: MessageID(rawValue: messages))
    }
}
