import Graphs

/// Where a peer stands in rounds that neighbours make together: see `SynchronousRounds`.
struct RoundState: Sendable, Codable {
    let me: PeerID
    let mixing: MixingMatrix
    /// Gradient steps of a round.
    let stepsPerRound: UInt64
    var stepCounter: StepCounter
    /// An exchange for each vector that is mixed.
    var exchanges: [NeighbourExchange]
    /// How vectors are mixed where it is not by the mean.
    var aggregation: Aggregation?
    /// The learning rate of the last gradient.
    var rate = 0.0
    /// What the peer makes of its neighbours; nil where it trusts all alike.
    var trust: TrustedRounds?
    /// Whether the round's gradients are done and its messages sent.
    var isWaiting = false

    init(
        _ setup: Setup, stepsPerRound: Int = 1, vectors: Int = 1, aggregation: Aggregation? = nil,
        trust: TrustSettings? = nil
    ) {
        me = setup.me
        mixing = setup.mixing
        self.stepsPerRound = UInt64(stepsPerRound)
        stepCounter = StepCounter(steps: setup.steps)
        self.aggregation = aggregation
        exchanges = (0..<vectors).map { NeighbourExchange(tag: UInt32($0), linkRate: setup.linkRate) }
        self.trust = trust.map { TrustedRounds($0, setup) }
    }

    var number: UInt64 { stepCounter.step / stepsPerRound }
    var isInFirstStep: Bool { stepCounter.step == 0 }
    /// Whether the step under way, or the next one, is the last of its round.
    var isInLastStepOfRound: Bool { (stepCounter.step + 1) % stepsPerRound == 0 }

    /// Mixes what has come for this round (`NeighbourExchange.mix`).
    mutating func mix(
        _ index: Int, into target: Vector, _ terms: [Term], own: Vector, _ row: [MixingWeight], _ effects: inout Effects
    ) {
        exchanges[index].mix(
            into: target, terms, own: own, row, me: me, round: number, by: &aggregation, &effects)
    }

    /// One over the learning rate, for rules that make a gradient of a difference of models; nil where the rate is so
    /// small that nothing could be told from it.
    var inverseRate: Double? { rate >= 1e-12 ? 1 / rate : nil }
}
