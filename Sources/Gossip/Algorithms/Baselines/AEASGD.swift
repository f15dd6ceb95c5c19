public import Configuration
public import Graphs

/// Asynchronous elastic averaging SGD: every so often a worker and a server pull each other together by the same
/// elastic force.
///
/// Citation: S. Zhang, A. Choromanska, Y. LeCun, Deep learning with elastic averaging SGD, NIPS 2015, arXiv:1412.6651.
///
/// Update rule of a worker, with the server c, in every step whose number tau divides:
///
///     e <- alpha (x - c)                    c as the server was when asked
///     x <- optimizer(x, g(x)) - e,  c <- c + e
///
/// and `x <- optimizer(x, g(x))` in the others. The server only adds, so that the workers' forces commute, and e is
/// computed once, so that `c + sum of x` moves by the gradients only. Alpha is 0.9 / peers unless it is given.
///
/// Assumptions: the server lives; workers wait for its answer in every tau-th step, and give up when it is gone. The
/// graph is not used.
///
/// Departures: none. The server begins with the model that the workers begin with, and is the model that the run
/// leaves.
public struct AEASGD: Algorithm {
    public static let description = Description(
        name: "aeasgd", summary: "asynchronous elastic averaging around a server (Zhang et al. 2015)",
        options: [ElasticExchange.alpha.description, ElasticExchange.period.description])
    public static let traits = Traits(faultTolerance: [.crash, .restart], servers: 1)

    private var exchange: ElasticExchange

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        exchange = try ElasticExchange(setup, options: options, by: Self.description.name)
    }

    public var awaitsNextStep: Bool { exchange.isWaiting }
    public func lastStep(of learner: PeerID) -> UInt64 { exchange.lastStep(of: learner) }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        exchange.handle(event, now: now, &effects, compute: { $0.gradient() }, update: { $0.update() })
    }
}
