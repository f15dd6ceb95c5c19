import Configuration
import Graphs

/// `GossipPull` and `GossipPush` in rounds: all peers draw the same circle, and everybody averages with one neighbour
/// in it. It is the last step of each period that has the exchange: before it all have learned alone.
struct RandomCycle: SynchronousRounds {
    static let option = Option.boolean(
        "synchronous", default: false, "whether all exchange at once, in a random circle, and wait for it")

    static let description = Description(name: "synchronous gossip", summary: "averages in random circles")
    static let traits = Traits(faultTolerance: .crash, needs: [.connected], isLockStep: true, graphUse: .edges)

    /// Why nobody in it can be trusted more or less than others.
    static let refusalOfTrust = ConfigurationError(
        key: "trust", "a random circle gives everybody another neighbour in every round; set synchronous to false")

    /// Whether the options choose it. Options that cannot be read choose nothing.
    static func isChosen(_ options: Options) -> Bool { (try? options.value(option)) ?? false }

    private let seed: UInt64
    private let isPull: Bool
    var rounds: RoundState

    init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try self.init(setup, options, ExchangeSchedule(options), isPull: true)
    }

    init(
        _ setup: Setup, _ options: Options, _ exchangeSchedule: ExchangeSchedule, isPull: Bool
    ) throws(ConfigurationError) {
        guard try options.value(ExchangeSchedule.probability) == nil else {
            throw ConfigurationError(
                key: "probability", "synchronous gossip works by a period, since all must exchange in the same steps")
        }
        let isComplete = (0..<setup.graph.period).allSatisfy {
            setup.graph.degree(of: setup.me, round: $0) == setup.peers - 1
        }
        guard isComplete else {
            throw ConfigurationError(
                key: "synchronous",
                "circles go through all peers, and topology '\(setup.graph.name)' does not let everybody send to "
                    + "everybody; choose topology.name=complete")
        }
        seed = setup.seed
        self.isPull = isPull
        rounds = RoundState(
            setup, stepsPerRound: Int(exchangeSchedule.period),
            aggregation: try .make(setup, options, others: min(setup.peers - 1, 1)))
    }

    var sendsFirst: Bool { true }
    var receivers: [PeerID] { neighbour(isPull ? -1 : 1).map { [$0] } ?? [] }
    var row: [MixingWeight] { rounds.halves(with: neighbour(isPull ? 1 : -1)) }

    /// The peer so many places on in this round's circle; nil where there is no other.
    private func neighbour(_ places: Int) -> PeerID? {
        let cycle = SharedDraw(seed: seed, round: rounds.number).permutation(of: rounds.mixing.peers)
        guard cycle.count > 1, let place = cycle.firstIndex(of: rounds.me.rawValue) else { return nil }
        return PeerID(cycle[(place + places + cycle.count) % cycle.count])
    }

    mutating func adapt(_ effects: inout Effects) {
        if !rounds.isInLastStepOfRound { effects.update() }
    }

    mutating func combine(_ effects: inout Effects) {
        mix(into: .model, effects: &effects)
        effects.update()
    }
}
