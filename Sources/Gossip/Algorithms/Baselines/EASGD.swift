public import Configuration
public import Graphs

/// Synchronous elastic averaging SGD: in every round all workers and the server pull each other together, each from
/// where it was before the round.
///
/// Citation: S. Zhang, A. Choromanska, Y. LeCun, Deep learning with elastic averaging SGD, NIPS 2015, arXiv:1412.6651.
///
/// Update rule, with the server c and all old values on the right, in every step whose number tau divides:
///
///     x_i <- optimizer(x_i, g_i(x_i)) - alpha (x_i - c)
///     c <- c + alpha sum over i of (x_i - c)
///
/// and `x_i <- optimizer(x_i, g_i(x_i))` in the others. Alpha is given, or `eta rho` where rho is, or `beta / peers`.
/// The sum of c and all x moves by the gradients only.
///
/// Assumptions: the server lives; workers give up when it is gone. The graph is not used.
///
/// Departures: a worker that dies is waited for no more; one that comes back gives up, since its place in the round is
/// lost. The published CDSGD code's baseline of this name is another algorithm. The server begins with the model that
/// the workers begin with, and is the model that the run leaves.
public struct EASGD: Algorithm {
    static let alpha = Option.optionalNumber(
        "alpha", in: .leastNonzeroMagnitude...1, "elastic force of an exchange; null: by rho or beta (alpha)")
    static let rho = Option.optionalNumber("rho", in: 0...1e6, "elastic strength: alpha = learning rate x rho (rho)")
        .idle(beside: alpha)
    static let beta = Option.number(
        "beta", default: 0.9, in: 0...2, "elastic force of all workers on the server: alpha = beta / peers (beta)"
    ).idle(beside: alpha, rho)
    static let period = Option.integer("period", default: 1, in: 1 ... .max, "steps between two exchanges (tau)")

    public static let description = Description(
        name: "easgd", summary: "synchronous elastic averaging around a server (Zhang et al. 2015)",
        options: [alpha.description, rho.description, beta.description, period.description])
    public static let traits = Traits(faultTolerance: .crash, servers: 1, isLockStep: true)

    private var role: Role

    private enum Role: Sendable, Codable {
        case worker(ElasticWorker)
        case server(ElasticServer)
    }

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        let (alpha, rho) = (try options.value(Self.alpha), try options.value(Self.rho))
        let beta = try options.value(Self.beta)
        let force = alpha ?? beta / Double(setup.peers)
        let period = try options.value(Self.period)
        role =
            setup.isServer
            ? .server(ElasticServer(setup, period: period))
            : .worker(ElasticWorker(setup, alpha: force, rho: rho, period: period))
    }

    public func lastStep(of learner: PeerID) -> UInt64 {
        if case .server(let server) = role { server.lastStep(of: learner) } else { 0 }
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch role {
        case .worker(var worker):
            worker.handle(event, &effects)
            role = .worker(worker)
        case .server(var server):
            server.handle(event, &effects)
            role = .server(server)
        }
    }
}
