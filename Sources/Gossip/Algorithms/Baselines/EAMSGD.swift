public import Configuration
public import Graphs

/// Asynchronous elastic averaging SGD whose workers learn by Nesterov's momentum.
///
/// Citation: S. Zhang, A. Choromanska, Y. LeCun, Deep learning with elastic averaging SGD, NIPS 2015, arXiv:1412.6651;
/// in the form of the first author's code.
///
/// Update rule of a worker, with the server c and momentum delta, the middle line in every step whose number tau
/// divides:
///
///     e <- alpha (x - c)                                   c as the server was when asked
///     v <- delta v,  x <- x + v,  g taken at this x
///     x <- x - e,  c <- c + e
///     x <- x - eta g,  v <- v - eta g
///
/// Alpha is 0.9 / peers unless it is given.
///
/// Assumptions: as for `AEASGD`. The optimizer takes plain steps: one with a momentum is refused.
///
/// Departures: none. The server begins with the model that the workers begin with, and is the model that the run
/// leaves.
public struct EAMSGD: Algorithm {
    static let momentum = Option.number(
        "momentum", default: 0.9, in: 0...1, "share of the velocity that survives a step (delta)")

    public static let description = Description(
        name: "eamsgd", summary: "elastic averaging with Nesterov's momentum (Zhang et al. 2015)",
        options: AEASGD.description.options + [momentum.description])
    public static let traits = Traits(faultTolerance: [.crash, .restart], servers: 1, bringsMomentum: true)

    private static let velocity = Vector.named(1)
    private static let step = Vector.named(2)
    /// Where the gradient is taken; the model stays where the last step left it meanwhile.
    private static let ahead = Vector.named(3)

    private let delta: Double
    private var exchange: ElasticExchange

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        delta = try options.value(Self.momentum)
        exchange = try ElasticExchange(setup, options: options, by: Self.description.name)
    }

    public var awaitsNextStep: Bool { exchange.isWaiting }
    public func lastStep(of learner: PeerID) -> UInt64 { exchange.lastStep(of: learner) }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        let delta = delta
        exchange.handle(
            event, now: now, &effects,
            compute: { effects in
                effects.combine(into: Self.velocity, Term(delta, Self.velocity))
                effects.combine(into: Self.ahead, Term(1, .model), Term(1, Self.velocity))
                effects.gradient(at: Term(1, Self.ahead))
            },
            update: { effects in
                effects.combine(into: .model, Term(1, .model), Term(1, Self.velocity))
                effects.direction(at: .model, along: .gradient, into: Self.step)
                effects.combine(into: .model, Term(1, .model), Term(1, Self.step))
                effects.combine(into: Self.velocity, Term(1, Self.velocity), Term(1, Self.step))
            })
    }
}
