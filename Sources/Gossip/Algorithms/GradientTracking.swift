public import Configuration

/// Decentralised SGD with gradient tracking: each peer keeps an estimate of all peers' mean gradient, mixes it as it
/// mixes the model, and steps along it, so that peers with different data still agree on the optimum.
///
/// Citation: A. Koloskova, T. Lin, S. U. Stich, An improved analysis of gradient tracking for decentralized machine
/// learning, NeurIPS 2021, arXiv:2202.03836; P. Di Lorenzo, G. Scutari, NEXT, IEEE Transactions on Signal and
/// Information Processing over Networks 2, 2016.
///
/// Update rule, with the mixing matrix W and `y_i = g_i(x_i)` at first:
///
///     x_i <- sum over j of W_ij (x_j - eta y_j)
///     y_i <- sum over j of W_ij y_j + g_i(x_i) - (the peer's gradient before)
///
/// The mean of the y stays the mean of the last gradients. Weight decay is part of the gradient.
///
/// Assumptions: W doubly stochastic and the graph connected. Every message arrives and every peer lives: the mean of
/// the y cannot be mended by one peer alone, so when one dies the others give up.
///
/// Departures: the step along y is the optimizer's, whose momentum stays with the peer.
public struct GradientTracking: Algorithm {
    public static let description = Description(
        name: "gradient-tracking", summary: "DSGT: steps along a tracked mean gradient (Koloskova et al. 2021)")
    public static let isLockStep = true

    private static let tracker = Vector.named(0)
    private static let lastGradient = Vector.named(1)
    private static let stepped = Vector.named(2)

    private let me: PeerID
    private let mixing: MixingMatrix
    private var pace: Pace
    private var models = NeighbourExchange(channel: 0)
    private var trackers = NeighbourExchange(channel: 1)
    /// Whether this round's vectors are sent.
    private var hasSent = false

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try options.refuseUnknown(besides: Self.description.options)
        try setup.mixing.require(.doublyStochastic, by: Self.description.name)
        try setup.mixing.require(.connected, by: Self.description.name)
        me = setup.me
        mixing = setup.mixing
        pace = Pace(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady:
            track(&effects)
            finishRound(&effects)
        case .received(.some(let payload), let note, let sender):
            if note.channel == models.channel {
                models.keep(payload, from: sender, note)
            } else {
                trackers.keep(payload, from: sender, note)
            }
            finishRound(&effects)
        case .returned(_, .some(let payload)):
            effects.release(payload)
        case .peerLeft(let peer):
            if !pace.isDone {
                effects.abandon(
                    "gradient-tracking cannot go on: peer \(peer) is gone, and the tracked mean gradient with it"
                )
            }
        case .stop(let step):
            pace.stop(after: step)
        case .received(.none, _, _), .returned(_, .none), .averaged, .delivered, .peerJoined, .timer:
            break
        }
    }

    /// Brings the tracked gradient up to date and sends it with the model stepped along it. Both vectors that are read
    /// here for the first time are zero.
    private mutating func track(_ effects: inout Effects) {
        effects.combine(
            into: Self.tracker, Term(1, Self.tracker), Term(1, .gradient), Term(-1, Self.lastGradient))
        effects.combine(into: Self.lastGradient, Term(1, .gradient))
        effects.direction(at: .model, along: Self.tracker, into: Self.stepped)
        effects.combine(into: Self.stepped, Term(1, .model), Term(1, Self.stepped))
        let receivers = mixing.receivers(of: me, round: pace.step)
        models.send(Self.stepped, to: receivers, round: pace.step, &effects)
        trackers.send(Self.tracker, to: receivers, round: pace.step, &effects)
        hasSent = true
    }

    /// Mixes and goes on once both vectors of all neighbours are there.
    private mutating func finishRound(_ effects: inout Effects) {
        let row = mixing.row(of: me, round: pace.step)
        guard hasSent, models.isComplete(row, me: me, round: pace.step),
            trackers.isComplete(row, me: me, round: pace.step)
        else { return }
        hasSent = false
        models.mix(into: .model, own: Self.stepped, row, me: me, round: pace.step, &effects)
        trackers.mix(into: Self.tracker, row, me: me, round: pace.step, &effects)
        pace.advance()
        if pace.isDone { effects.finish() } else { effects.gradient() }
    }
}
