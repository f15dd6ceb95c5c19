public import Configuration
import Graphs

/// Push gossip: now and then a peer sends its model to a random neighbour, which averages what has come with its own.
///
/// Citation: P. H. Jin, Q. Yuan, F. Iandola, K. Keutzer, How to scale distributed deep learning?, arXiv:1611.04581,
/// 2016.
///
/// Update rule in every step, with m models y that have come since the step before:
///
///     x <- (x + sum of the y) / (1 + m)
///     x <- optimizer(x, g(x before))
///     every tau steps or with probability p: send x to a neighbour drawn uniformly
///
/// The synchronous variant draws a circle of all peers for each exchange, in which everybody sends to the next; then
/// the mean is kept, and nobody goes on before the model of the one before it is there.
///
/// Assumptions: a connected graph, for the synchronous variant a complete one. Only the expectation of the mean is kept
/// where it is asynchronous: the sender does not move.
///
/// Departures: what comes is averaged in at once, by the weight that gives the mean of all that came in the step; the
/// gradient is taken at the model before. Circles instead of permutations: nobody averages with itself.
public struct GossipPush: Algorithm {
    public static let description = Description(
        name: "gossip-push", summary: "push gossip: averages what random neighbours send (Jin et al. 2016)",
        options: GossipPull.description.options)
    public static let traits = Traits(
        faultTolerance: [.crash, .restart], needs: [.connected], graphUse: .edges, compression: .alone,
        stepsFirst: true)

    public static func traits(_ options: Options) -> Traits {
        RandomCycle.isChosen(options) ? RandomCycle.traits : traits.scoring(options)
    }

    private var role: Role

    private enum Role: Sendable, Codable {
        case alone(AsynchronousPush)
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
            ? .together(try RandomCycle(setup, options, exchangeSchedule, isPull: false))
            : .alone(try AsynchronousPush(setup, options, exchangeSchedule: exchangeSchedule, trust: trust))
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
