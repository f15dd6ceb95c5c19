public import Configuration
import Graphs

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
/// The synchronous variant draws a circle of all peers for each exchange, in which everybody averages with the next;
/// then the mean is kept, and nobody goes on before its neighbour's model is there.
///
/// Assumptions: a connected graph, for the synchronous variant a complete one. Only the expectation of the mean is kept
/// where it is asynchronous: the neighbour does not move.
///
/// Departures: the neighbour is asked when the gradient begins, so that its model comes meanwhile; the gradient is
/// taken at the model before the average. A neighbour that dies before it has answered is passed over. Circles instead
/// of permutations: nobody averages with itself.
public struct GossipPull: Algorithm {
    public static let description = Description(
        name: "gossip-pull", summary: "pull gossip: averages with a random neighbour's model (Jin et al. 2016)",
        options: [
            ExchangeSchedule.period.description, ExchangeSchedule.probability.description,
            RandomCycle.option.description, AggregationRules.option.description, TrustSettings.option.description,
        ])
    public static let traits = Traits(
        faultTolerance: [.crash, .restart], needs: [.connected], graphUse: .edges, compression: .alone)

    public static func traits(_ options: Options) -> Traits {
        RandomCycle.isChosen(options) ? RandomCycle.traits : traits.scoring(options)
    }

    private var role: Role

    private enum Role: Sendable, Codable {
        case alone(AsynchronousPull)
        case together(RandomCycle)
    }

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        let exchangeSchedule = try ExchangeSchedule(options)
        let trust = try TrustSettings.chosen(options)
        if trust != nil, try options.value(RandomCycle.option) {
            throw RandomCycle.refusalOfTrust
        }
        role =
            try options.value(RandomCycle.option)
            ? .together(try RandomCycle(setup, options, exchangeSchedule, isPull: true))
            : .alone(try AsynchronousPull(setup, options, exchangeSchedule: exchangeSchedule, trust: trust))
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch role {
        case .alone(var gossip):
            gossip.handle(event, &effects)
            role = .alone(gossip)
        case .together(var gossip):
            gossip.handle(event, now: now, &effects)
            role = .together(gossip)
        }
    }

    public var trustInNeighbours: [TrustStanding] {
        if case .alone(let gossip) = role { gossip.trustInNeighbours } else { [] }
    }
}
