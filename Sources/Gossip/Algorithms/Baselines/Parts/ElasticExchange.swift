import Configuration
import Graphs

/// Both ends of the elastic tie of `AEASGD` and `EAMSGD`: a worker that asks for the server and sends a force, and the
/// server that answers and adds.
struct ElasticExchange: Sendable, Codable {
    static let alpha = Option.optionalNumber(
        "alpha", in: .leastNonzeroMagnitude...1, "elastic force of an exchange; null: 0.9 / peers (alpha)")
    static let period = Option.integer("period", default: 10, in: 1 ... .max, "steps between two exchanges (tau)")

    private enum Channel {
        static let request: UInt32 = 0
        static let server: UInt32 = 1
        static let force: UInt32 = 2
    }

    private static let force = Vector.named(0)

    private let algorithm: String
    private let isServer: Bool
    private let alpha: Double
    private let period: UInt64
    private var stepCounter: StepCounter
    private var exchange: ServerLiveness
    private(set) var isWaiting = false
    /// Whose forces the server has felt, up to which step.
    private var felt = ServedSteps()

    init(_ setup: Setup, options: Options, by algorithm: String) throws(ConfigurationError) {
        self.algorithm = algorithm
        isServer = setup.isServer
        alpha = try options.value(Self.alpha) ?? 0.9 / Double(setup.peers)
        period = UInt64(try options.value(Self.period))
        stepCounter = StepCounter(steps: setup.steps)
        exchange = ServerLiveness(setup)
    }

    /// Handles an event, where `compute` asks for a gradient and `update` is what it does.
    mutating func handle(
        _ event: Event, now: Time, _ effects: inout Effects, compute: (inout Effects) -> Void,
        update: (inout Effects) -> Void
    ) {
        switch event {
        case .start:
            if isServer { effects.finish() } else { begin(&effects, compute) }
        case .gradientReady:
            update(&effects)
            stepCounter.advance()
            if stepCounter.isDone { effects.finish() } else { begin(&effects, compute) }
        case .received(.none, _, let worker):
            send(.model, Channel.server, to: worker, &effects)
        case .received(.some(let payload), let metadata, let worker):
            if metadata.tag == Channel.force {
                effects.combine(into: .model, Term(1, .model), Term(1, .received(payload)))
                felt.served(worker, through: metadata.round + period)
            } else if isWaiting {
                pull(payload, &effects, compute)
            }
        case .returned(_, .some(let payload)):
            // A force that the server will never feel; or an answer to a worker that is gone.
            if !isServer { effects.combine(into: .model, Term(1, .model), Term(1, .received(payload))) }
        case .peerLeft(let peer):
            felt.left(peer)
            if peer == exchange.server, !stepCounter.isDone { exchange.left(now: now, &effects) }
        case .peerJoined(let peer):
            felt.joined(peer)
            guard peer == exchange.server, exchange.isGone else { break }
            exchange.joined()
            if isWaiting { send(nil, Channel.request, to: exchange.server, &effects) }
        case .timer:
            if !stepCounter.isDone { exchange.patienceEnded(algorithm, &effects) }
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    /// An exchange is made in the first step of a period, and its force is that of the whole period.
    func lastStep(of worker: PeerID) -> UInt64 { felt.lastStep(of: worker) }

    private mutating func begin(_ effects: inout Effects, _ compute: (inout Effects) -> Void) {
        isWaiting = stepCounter.step % period == 0
        if isWaiting { send(nil, Channel.request, to: exchange.server, &effects) } else { compute(&effects) }
    }

    /// The gradient is taken at the model before the force moves it.
    private mutating func pull(_ server: PayloadID, _ effects: inout Effects, _ compute: (inout Effects) -> Void) {
        isWaiting = false
        effects.combine(into: Self.force, Term(alpha, .model), Term(-alpha, .received(server)))
        send(Self.force, Channel.force, to: exchange.server, &effects)
        compute(&effects)
        effects.combine(into: .model, Term(1, .model), Term(-1, Self.force))
    }

    private mutating func send(_ vector: Vector?, _ tag: UInt32, to peer: PeerID, _ effects: inout Effects) {
        effects.send(
            vector, metadata: Metadata(round: stepCounter.step, tag: tag), to: peer)
    }
}
