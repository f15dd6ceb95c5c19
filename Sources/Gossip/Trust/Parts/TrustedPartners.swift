import Configuration
import Graphs
import Randomness

/// Trust among peers that wait for nobody: each draws whom it meets in proportion to its trust, and takes of what comes
/// as much as is near.
///
/// Update rule, with the model x of 16 to 32 steps ago as x', and d_1, d_2, ... the last distances of what came:
///
///     L    <- reach times the greater one of |x - x'| and the median of the d
///     x    <- x + w min(1, L / |y - x|) (y - x)      of a model y with the weight w; none of it below the threshold
///
/// Who is near is judged once x' is known; until then a model counts as much as is within the median of the distances,
/// and the first one wholly.
struct TrustedPartners: Sendable, Codable {
    private(set) var trust: Trust
    private var inspection = Inspection()
    private var past = PastModel()
    private var distances: [Double] = []
    private var step: UInt64 = 0
    /// The share of what was looked at that is to be taken.
    private(set) var share = 0.0

    /// Distances that are remembered.
    private static let window = 15

    init(_ settings: TrustSettings, _ setup: Setup) throws(ConfigurationError) {
        guard !settings.aspects.contains(.inTime) else {
            throw ConfigurationError(
                key: "trust.aspects",
                "nobody comes late where nobody waits; leave in-time out, or choose an algorithm with rounds")
        }
        let neighbours = Set((0..<setup.graph.period).flatMap { setup.graph.neighbours(of: setup.me, round: $0) })
        trust = Trust(settings, me: setup.me, peers: setup.peers, neighbours: neighbours.sorted())
    }

    private var settings: TrustSettings { trust.settings }

    /// A step begins.
    mutating func advance(to step: UInt64, _ effects: inout Effects) {
        self.step = step
        past.advance(to: step, &effects)
        trust.age()
    }

    /// One of these, in proportion to the trust in it; of those whose edges rest only where all do.
    func draw(_ peers: [PeerID], _ random: inout RandomStream) -> PeerID? {
        let awake = peers.filter { !trust.isResting($0, round: step) }
        let choices = awake.isEmpty ? peers : awake
        let levels = choices.map { trust.level(of: $0) + 1 }
        guard !choices.isEmpty else { return nil }
        var rest = random.integer(below: levels.reduce(0, +))
        for (peer, level) in zip(choices, levels) {
            if rest < level { return peer }
            rest -= level
        }
        return choices.last
    }

    // MARK: Referrals

    /// What a peer says with a model: who the subject is follows from the message's round.
    mutating func referral(to peer: PeerID, round: UInt64) -> Double {
        let subject = trust.subject(round)
        guard subject != peer else { return 0 }
        let share = trust.handOut(of: subject, shares: 2)
        trust.handed(share, of: subject)
        return Double(share.bits)
    }

    private mutating func hear(_ metadata: Metadata, from peer: PeerID) {
        guard metadata.weight >= 0, metadata.weight < 0x1p31 else { return }
        let opinion = Opinion(bits: UInt64(metadata.weight))
        trust.hear(opinion, of: trust.subject(metadata.round), from: peer)
    }

    // MARK: Judging

    /// Has a model looked at, and takes in what came with it.
    mutating func inspect(_ payload: PayloadID, from peer: PeerID, _ metadata: Metadata, _ effects: inout Effects) {
        hear(metadata, from: peer)
        let isTried = settings.aspects.contains(.useful)
        inspection.begin(
            [Inspection.Candidate(peer: peer, payload: payload)], from: .model, besides: past.vector,
            trying: isTried ? 0 : nil, &effects)
    }

    /// Takes an answer; true once `share` says how much of the model is to be taken.
    mutating func answered(_ event: Event, _ effects: inout Effects) -> Bool {
        let isDone =
            switch event {
            case .measured(let measurements): inspection.measured(measurements, &effects)
            case .scored(let score): inspection.scored(score)
            default: false
            }
        if isDone { judge() }
        return isDone
    }

    private mutating func judge() {
        let motion = inspection.pastDistance
        guard let finding = inspection.take().first else { return }
        let peer = finding.candidate.peer
        let known = [motion, DistanceLimit.median(distances)].compactMap(\.self).max()
        let limit = known.flatMap { $0 > 0 ? $0 * settings.reach : nil }
        if finding.isIntact {
            distances.append(finding.distance)
            if distances.count > Self.window { distances.removeFirst() }
        }
        let judged = motion == nil ? nil : limit
        trust.record(finding.outcomes(settings.aspects, limit: judged, isInTime: nil), of: peer)
        let estimate = trust.estimate(of: peer)
        let isNear = settings.aspects.contains(.near) ? limit.map { min(1, $0 / finding.distance) } ?? 1 : 1
        share = finding.isIntact && estimate >= settings.threshold ? isNear : 0
        if estimate < settings.threshold, trust.isKnown(peer), !trust.isResting(peer, round: step) {
            trust.rest(peer, from: step + 1)
            trust.fade(peer, rounds: settings.rest)
        }
    }

    var standings: [TrustStanding] { trust.standings(step) }
}
