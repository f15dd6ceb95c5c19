public import Configuration

/// Stochastic gradient push that does not wait for its senders: shares are added when they come, be they late, and a
/// peer stands still only when one is too late.
///
/// Citation: M. Assran, N. Loizou, N. Ballas, M. Rabbat, Stochastic gradient push for distributed deep learning, ICML
/// 2019, arXiv:1811.10792 (Overlap SGP).
///
/// Update rule: that of `SGP`, but after round k a peer adds what has come of it and of rounds before, and waits only
/// until all shares of round `k - tau` and those before are there. The weights absorb what is missing: `z = x / w`.
///
/// Assumptions: as for `SGP`, and steps that are small against the weights: one of eta on the numerator is one of
/// `eta / w` on z, and w may fall to `1 / (d + 1)^(tau + 1)` before late shares come. With many receivers, much
/// staleness and large steps the models diverge.
///
/// Departures: as for `SGP`. What comes late, while a gradient is computed, is added at once and not at the end of the
/// step. What comes of rounds ahead is kept until the peer has made them: added at once, a slow peer would get all its
/// shares early and then halve its weight alone, step by step, once the quick ones have finished.
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
    /// Shares of rounds that this peer has not made, in the order of their coming.
    private var ahead: [Share] = []

    private struct Share: Codable {
        let round: UInt64
        let payload: PayloadID
        let weight: Double
    }

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
            addWhatIsDue(&effects)
            if pace.isDone { effects.finish() } else { goOn(&effects) }
        case .received(.some(let payload), let note, let sender):
            ahead.append(Share(round: note.round, payload: payload, weight: note.weight))
            heard[sender] = note.round + 1
            addWhatIsDue(&effects)
            goOn(&effects)
        case .delivered(let id):
            sum.delivered(id)
        case .returned(let id, .some(let payload)):
            sum.returned(id, payload, &effects)
        case .peerLeft(let peer):
            absentees.left(peer)
            if !pace.isDone,
                let reason = graph.disconnection(
                    among: absentees.present((0..<graph.peers).map { PeerID($0) }), by: Self.description.name)
            {
                effects.abandon(reason)
            } else {
                goOn(&effects)
            }
        case .stop(let step):
            pace.stop(after: step)
            addWhatIsDue(&effects)
        case .received(.none, _, _), .returned(_, .none), .averaged, .scored, .peerJoined, .timer:
            break
        }
    }

    public var evaluated: Term { sum.point }

    public var laws: [Law] { [sum.law(peers: graph.peers, waiting: ahead.reduce(0) { $0 + $1.weight })] }

    /// Adds the shares of rounds that this peer has made; of all rounds once it makes no more.
    private mutating func addWhatIsDue(_ effects: inout Effects) {
        let due = ahead.filter { pace.isDone || $0.round < pace.step }
        guard !due.isEmpty else { return }
        ahead.removeAll { pace.isDone || $0.round < pace.step }
        sum.add(due.map { ($0.payload, $0.weight) }, &effects)
    }

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
