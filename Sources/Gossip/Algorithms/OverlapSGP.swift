public import Configuration

/// Stochastic gradient push that does not wait for its senders: shares are added whenever they come, and a peer stands
/// still only when one is too late.
///
/// Citation: M. Assran, N. Loizou, N. Ballas, M. Rabbat, Stochastic gradient push for distributed deep learning, ICML
/// 2019, arXiv:1811.10792 (Overlap SGP).
///
/// Update rule: that of `SGP`, but in round k a peer adds what has come, of whatever round, and waits only until all
/// shares of round `k - tau` and those before are there. The weights absorb what is missing: `z = x / w`.
///
/// Assumptions: as for `SGP`, and steps that are small against the weights: one of eta on the numerator is one of
/// `eta / w` on z, and w may fall to `1 / (d + 1)^(tau + 1)` before late shares come. With many receivers, much
/// staleness and large steps the models diverge.
///
/// Departures: as for `SGP`. What comes while a gradient is computed is added at once, not at the end of the step.
public struct OverlapSGP: Algorithm {
    static let staleness = Option.integer(
        "staleness", default: 1, in: 0...1_000_000, "rounds that a share may be late before its receiver waits (tau)")

    public static let description = Description(
        name: "osgp", summary: "overlap SGP: gradient push that waits only for late shares (Assran et al. 2019)",
        options: [staleness.description])
    public static let promises: Promises = .death

    private let me: PeerID
    private let graph: Graph
    private let staleness: UInt64
    private var pace: Pace
    private var sum = PushSum()
    private var absentees = Absentees()
    /// Rounds of which each sender's shares have come: those before this one.
    private var heard: [PeerID: UInt64] = [:]
    private var isComputing = false

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try options.refuseUnknown(besides: Self.description.options)
        try setup.mixing.require(.connected, by: Self.description.name)
        me = setup.me
        graph = setup.graph
        staleness = UInt64(try options.value(Self.staleness))
        pace = Pace(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            goOn(&effects)
        case .gradientReady:
            isComputing = false
            effects.update()
            sum.push(to: absentees.present(graph.neighbours(of: me, round: pace.step)), round: pace.step, &effects)
            pace.advance()
            if pace.isDone { effects.finish() } else { goOn(&effects) }
        case .received(.some(let payload), let note, let sender):
            sum.add([(payload, note.weight)], &effects)
            heard[sender] = note.round + 1
            goOn(&effects)
        case .delivered(let id):
            sum.delivered(id)
        case .returned(let id, .some(let payload)):
            sum.returned(id, payload, &effects)
        case .peerLeft(let peer):
            absentees.left(peer)
            if !pace.isDone, let reason = graph.disconnection(without: absentees, by: Self.description.name) {
                effects.abandon(reason)
            } else {
                goOn(&effects)
            }
        case .stop(let step):
            pace.stop(after: step)
        case .received(.none, _, _), .returned(_, .none), .averaged, .peerJoined, .timer:
            break
        }
    }

    public var evaluated: Term { sum.point }

    public var laws: [Law] { [sum.law(peers: graph.peers)] }

    /// Asks for the next gradient unless a share is too late.
    private mutating func goOn(_ effects: inout Effects) {
        guard !isComputing, !pace.isDone, !isLate else { return }
        isComputing = true
        effects.gradient(at: sum.point)
    }

    /// Whether a share is missing that was sent, or should have been, `staleness` rounds before the last one. Those
    /// before it were there when their turn came.
    private var isLate: Bool {
        guard pace.step > staleness else { return false }
        let round = pace.step - staleness - 1
        return graph.senders(to: me, round: round).contains {
            !absentees.contains($0) && heard[$0, default: 0] <= round
        }
    }
}
