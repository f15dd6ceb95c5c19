public import Configuration
public import Graphs

/// Federated averaging: a server has some clients train its model on their own data, and takes the mean of what comes
/// back.
///
/// Citation: H. B. McMahan, E. Moore, D. Ramage, S. Hampson, B. Aguera y Arcas, Communication-efficient learning of
/// deep networks from decentralized data, AISTATS 2017, arXiv:1602.05629.
///
/// Update rule of a round, with n_k the samples of client k:
///
///     the server draws a set S of max(C K, 1) of its K clients and sends them x
///     each client k in S:   x_k <- E epochs of optimizer(x_k, g_k(x_k)) from x, the optimizer's state forgotten
///     x <- sum over k in S of n_k x_k / (sum over S of n)
///
/// Rounds go on until the clients have made as many gradient steps together as they are to make.
///
/// Assumptions: the server lives; clients give up when it is gone.
///
/// Departures: a client that dies is dropped from its round. At the end everybody is sent the server's model, so that
/// clients which were not drawn for long do not end with an old one. The server takes the mean in the order of the
/// clients once all are back, so that it is the same to the bit whatever their order was.
public struct FedAvg: Algorithm {
    static let fraction = Option.number(
        "fraction", default: 1, in: 0...1, "share of the clients that train in a round; one at the least (C)")
    static let localEpochs = Option.integer(
        "local_epochs", default: 1, in: 1...1_000_000, "passes over a client's own samples in a round (E)")

    public static let description = Description(
        name: "fedavg", summary: "federated averaging by a server, in rounds (McMahan et al. 2017)",
        options: [fraction.description, localEpochs.description, AggregationRules.option.description])
    public static let traits = Traits(
        faultTolerance: [.crash, .restart], servers: 1, isLockStep: true, isPacedByShares: true)

    public static func epochsPerRound(_ options: Options) -> Int { (try? options.value(localEpochs)) ?? 0 }

    private var role: Role

    private enum Role: Sendable, Codable {
        case client(FedAvgClient)
        case server(FedAvgServer)
    }

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        let fraction = try options.value(Self.fraction)
        let epochs = try options.value(Self.localEpochs)
        if AggregationRules.isScored(options) {
            throw ConfigurationError(
                key: "aggregation.name",
                "ubar compares models with the own one of who trains, and fedavg's server trains none; choose another "
                    + "rule, such as geometric-median")
        }
        let drawn = FedAvgServer.drawn(of: setup.peers, fraction)
        let aggregation = try Aggregation.make(setup, options, others: drawn, own: 0)
        role =
            setup.isServer
            ? .server(FedAvgServer(setup, fraction: fraction, aggregation: aggregation))
            : .client(FedAvgClient(setup, epochs: epochs))
    }

    public func lastStep(of learner: PeerID) -> UInt64 {
        if case .server(let server) = role { server.lastStep(of: learner) } else { 0 }
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch role {
        case .client(var client):
            client.handle(event, now: now, &effects)
            role = .client(client)
        case .server(var server):
            server.handle(event, &effects)
            role = .server(server)
        }
    }

    /// What a message of the server is.
    enum Channel {
        static let round: UInt32 = 0
        static let end: UInt32 = 1
    }
}
