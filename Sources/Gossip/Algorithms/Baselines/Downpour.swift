public import Configuration
public import Graphs

/// Downpour SGD: workers learn alone for some steps, push the sum of what they did to a server, and take over its
/// model.
///
/// Citation: J. Dean, G. S. Corrado, R. Monga et al., Large scale distributed deep networks, NIPS 2012; push and pull
/// in the form of the mpiT code by S. Zhang.
///
/// Update rule of a worker, with the server's model c:
///
///     u <- the optimizer's step along g(x),  a <- a + u,  x <- x + u
///     after every tau-th step and the last:   c <- c + a,  x <- c,  a <- 0
///
/// The server only adds, so that the workers' pushes commute. With tau = 1 this is plain asynchronous SGD with a
/// parameter server.
///
/// Assumptions: the server lives; workers wait for its answer, and give up when it is gone. The sum of n workers' steps
/// is n times one worker's: the rate or tau has to be the smaller for it. The graph is not used.
///
/// Departures: the paper adapts the rate of each parameter at the server; here the optimizer is the worker's. What a
/// worker takes over contains its own push, which in mpiT is left to chance.
public struct Downpour: Algorithm {
    static let period = Option.integer("period", default: 10, in: 1 ... .max, "steps between two pushes (tau)")

    public static let description = Description(
        name: "downpour", summary: "asynchronous pushes of gradients to a server (Dean et al. 2012)",
        options: [period.description])
    public static let traits = Traits(faultTolerance: [.crash, .restart], servers: 1)

    private static let sum = Vector.named(0)
    private static let step = Vector.named(1)

    private let isServer: Bool
    private let period: UInt64
    private var stepCounter: StepCounter
    private var liveness: ServerLiveness
    /// Whether there is anything in the sum.
    private var hasSum = false
    private var isWaiting = false
    /// Whose pushes the server has taken in, up to which step.
    private var pushed = ServedSteps()

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        isServer = setup.isServer
        period = UInt64(try options.value(Self.period))
        stepCounter = StepCounter(steps: setup.steps)
        liveness = ServerLiveness(setup)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            if isServer { effects.finish() } else { effects.gradient() }
        case .gradientReady:
            effects.direction(at: .model, along: .gradient, into: Self.step)
            effects.combine(into: .model, Term(1, .model), Term(1, Self.step))
            add(Self.step, &effects)
            stepCounter.advance()
            if stepCounter.step % period == 0 || stepCounter.isDone { push(&effects) } else { effects.gradient() }
        case .received(let payload, let metadata, let sender):
            if isServer {
                answer(payload, metadata, to: sender, &effects)
            } else if let payload {
                pull(payload, &effects)
            }
        case .returned(_, .some(let payload)):
            // Steps that the server will never hear of; or an answer to a worker that is gone.
            if !isServer { add(.received(payload), &effects) }
        case .peerLeft(let peer) where isServer:
            pushed.left(peer)
        case .peerJoined(let peer) where isServer:
            pushed.joined(peer)
        case .peerLeft(liveness.server) where !stepCounter.isDone || isWaiting:
            liveness.left(now: now, &effects)
        case .peerJoined(liveness.server):
            guard liveness.isGone else { break }
            liveness.joined()
            if isWaiting { push(&effects) }
        case .timer where !stepCounter.isDone || isWaiting:
            liveness.patienceEnded(Self.description.name, &effects)
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    public func lastStep(of learner: PeerID) -> UInt64 { pushed.lastStep(of: learner) }

    private mutating func add(_ steps: Vector, _ effects: inout Effects) {
        effects.combine(into: Self.sum, (hasSum ? [Term(1, Self.sum)] : []) + [Term(1, steps)])
        hasSum = true
    }

    private mutating func push(_ effects: inout Effects) {
        isWaiting = true
        send(hasSum ? Self.sum : nil, to: liveness.server, &effects)
        hasSum = false
    }

    private mutating func pull(_ model: PayloadID, _ effects: inout Effects) {
        guard isWaiting else { return }
        isWaiting = false
        effects.combine(into: .model, Term(1, .received(model)))
        if stepCounter.isDone { effects.finish() } else { effects.gradient() }
    }

    private mutating func answer(
        _ steps: PayloadID?, _ metadata: Metadata, to worker: PeerID, _ effects: inout Effects
    ) {
        pushed.served(worker, through: metadata.round)
        if let steps { effects.combine(into: .model, Term(1, .model), Term(1, .received(steps))) }
        send(.model, to: worker, &effects)
    }

    private mutating func send(_ vector: Vector?, to peer: PeerID, _ effects: inout Effects) {
        effects.send(vector, metadata: Metadata(round: stepCounter.step), to: peer)
    }
}
