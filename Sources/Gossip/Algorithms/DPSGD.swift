public import Configuration

/// Decentralised parallel SGD: in every round each peer averages its model with its neighbours' by a fixed mixing
/// matrix and takes a step along its own gradient.
///
/// Citation: X. Lian, C. Zhang, H. Zhang, C.-J. Hsieh, W. Zhang, J. Liu, Can decentralized algorithms outperform
/// centralized algorithms? A case study for decentralized parallel stochastic gradient descent, NIPS 2017,
/// arXiv:1705.09056.
///
/// Update rule, with the mixing matrix W and the gradient taken at the model before mixing:
///
///     combine-then-adapt:   x_i <- optimizer(sum over j of W_ij x_j, g_i(x_i))      the paper's Algorithm 1
///     adapt-then-combine:   x_i <- sum over j of W_ij optimizer(x_j, g_j(x_j))
///
/// In the first order a peer sends before it computes, so that sending hides behind the gradient; in the second it
/// cannot.
///
/// Assumptions: W doubly stochastic and the graph connected; the paper also wants W symmetric, which the mean does not
/// need. Every message arrives: a peer waits for all its living neighbours in every round.
///
/// Departures: the optimizer may have momentum, which stays with the peer and is not mixed. Where a neighbour dies, the
/// weight on its model goes to the peer's own; a model that it sent before is still mixed in its round.
public struct DPSGD: Algorithm {
    enum Order: String, CaseIterable, Codable, Sendable {
        case combineThenAdapt = "combine-then-adapt"
        case adaptThenCombine = "adapt-then-combine"
    }

    static let order = Option<Order>.choice(
        "order", default: .combineThenAdapt, "Whether models are mixed before the step or after it")

    public static let description = Description(
        name: "dpsgd", summary: "D-PSGD: every round averages with the neighbours (Lian et al. 2017)",
        options: [order.description])
    public static let isLockStep = true
    public static let promises: Promises = .death

    private let me: PeerID
    private let mixing: MixingMatrix
    private let order: Order
    private var pace: Pace
    private var exchange = NeighbourExchange()
    private var hasGradient = false

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try options.refuseUnknown(besides: Self.description.options)
        try setup.mixing.require(.doublyStochastic, by: Self.description.name)
        try setup.mixing.require(.connected, by: Self.description.name)
        me = setup.me
        mixing = setup.mixing
        order = try options.value(Self.order)
        pace = Pace(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            begin(&effects)
        case .gradientReady:
            hasGradient = true
            if order == .adaptThenCombine {
                effects.update()
                send(&effects)
            }
            finishRound(&effects)
        case .received(.some(let payload), let note, let sender):
            exchange.keep(payload, from: sender, note)
            finishRound(&effects)
        case .returned(_, .some(let payload)):
            effects.release(payload)
        case .peerLeft(let peer):
            exchange.left(peer)
            finishRound(&effects)
        case .stop(let step):
            pace.stop(after: step)
        case .received(.none, _, _), .returned(_, .none), .averaged, .delivered, .peerJoined, .timer:
            break
        }
    }

    private mutating func begin(_ effects: inout Effects) {
        if order == .combineThenAdapt { send(&effects) }
        effects.gradient()
    }

    private mutating func send(_ effects: inout Effects) {
        exchange.send(.model, to: mixing.receivers(of: me, round: pace.step), round: pace.step, &effects)
    }

    /// Mixes and goes on once the gradient and all neighbours' models of this round are there.
    private mutating func finishRound(_ effects: inout Effects) {
        let row = mixing.row(of: me, round: pace.step)
        guard hasGradient, exchange.isComplete(row, me: me, round: pace.step) else { return }
        hasGradient = false
        exchange.mix(into: .model, row, me: me, round: pace.step, &effects)
        if order == .combineThenAdapt { effects.update() }
        pace.advance()
        if pace.isDone { effects.finish() } else { begin(&effects) }
    }
}
