import Configuration
import Graphs

/// `LocalSGD` by a rule that must see every model: after each period everybody sends its own to everybody.
struct ModelExchange: SynchronousRounds {
    static let description = LocalSGD.description
    static let traits = LocalSGD.traits
    static let loss = "the average of all models needs its own"

    var rounds: RoundState

    init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        rounds = RoundState(
            setup, stepsPerRound: try options.value(LocalSGD.period),
            aggregation: try .make(setup, options, others: setup.peers - 1))
    }

    private var peers: [PeerID] { (0..<rounds.mixing.peers).map { PeerID($0) } }

    var receivers: [PeerID] { peers.filter { $0 != rounds.me } }
    var row: [MixingWeight] {
        peers.map { MixingWeight(peer: $0, weight: 1 / Double(rounds.mixing.peers)) }
    }

    mutating func adapt(_ effects: inout Effects) { effects.update() }

    mutating func combine(_ effects: inout Effects) { mix(into: .model, effects: &effects) }
}
