import Graphs

/// Trust among peers that make rounds together: both ends of an edge give it the same weight in the same round, so that
/// the mean of the models stays where it is.
///
/// Update rule of round t, with what i tells j ahead of its model: its level `E_ij`, the sum `S_i` of its edges' levels
/// of the round before, and its limit `L_i`, `reach` times the median of the distances in the round before:
///
///     t_ij  <- min(E_ij, E_ji)   as told in round t - 1
///     W_ij  <- t_ij / (1 + max(S_i, S_j)),     S_i = sum over j of t_ij
///     x_i   <- x_i + sum over j of W_ij min(1, min(L_i, L_j) / |x_j - x_i|)^2 (x_j - x_i)
///
/// W is symmetric, its rows sum to 1 with what is left for the peer's own model, and a far model moves both ends of its
/// edge by the same little. In the first round nobody knows a limit, and nobody moves. An edge whose t_ij is below the
/// threshold rests at both ends, and is tried again later.
struct TrustedRounds: Sendable, Codable {
    private struct Told: Sendable, Codable {
        let sender: PeerID
        let round: UInt64
        let report: TrustReport
    }

    private(set) var trust: Trust
    private var inspection = Inspection()
    /// What came and is not believed yet: neighbours may be a round ahead.
    private var reports: [Told] = []
    /// What was told in this round.
    private var levels: [PeerID: Int] = [:]
    private var limit = DistanceLimit(nil)
    /// The levels on which both ends of each edge agreed in the round before.
    private var agreed: [PeerID: Int] = [:]
    /// The weights of this round, once all models are there.
    private var weights: [MixingWeight] = []
    private var distances: [Double] = []
    private var punctuality = Punctuality()

    init(_ settings: TrustSettings, _ setup: Setup) {
        let neighbours = setup.mixing.row(of: setup.me).map(\.peer).filter { $0 != setup.me }
        trust = Trust(settings, me: setup.me, peers: setup.peers, neighbours: neighbours)
        for peer in neighbours { agreed[peer] = trust.level(of: peer) }
    }

    private var settings: TrustSettings { trust.settings }
    private var levelSum: Int { agreed.values.reduce(0, +) }
    private var watchesTime: Bool { settings.aspects.contains(.inTime) }

    /// Those of the peers whose edges do not rest.
    func awake(_ peers: [PeerID], round: UInt64) -> [PeerID] {
        peers.filter { !trust.isResting($0, round: round) }
    }

    /// What is mixed in this round.
    var row: [MixingWeight] { weights }

    // MARK: Telling

    /// Tells each of these neighbours what it must know in this round.
    mutating func report(to receivers: [PeerID], round: UInt64, _ effects: inout Effects) {
        let subject = trust.subject(round)
        let share = trust.handOut(of: subject, shares: receivers.count + 1)
        for peer in receivers {
            let level = trust.level(of: peer)
            levels[peer] = level
            let opinion = peer == subject ? Opinion() : share
            trust.handed(opinion, of: subject)
            let report = TrustReport(
                level: level, levelSum: levelSum, wasKept: punctuality.wasKept, limit: limit, opinion: opinion)
            effects.send(nil, metadata: report.metadata(round: round), to: peer)
        }
    }

    mutating func hear(_ metadata: Metadata, from peer: PeerID) {
        reports.append(Told(sender: peer, round: metadata.round, report: TrustReport(metadata)))
    }

    // MARK: Looking

    mutating func beganStep(_ now: Time) { if watchesTime { punctuality.begin(now) } }
    mutating func finishedStep(_ now: Time) { if watchesTime { punctuality.ready(now) } }
    mutating func came(_ peer: PeerID, round: UInt64, _ now: Time) {
        if watchesTime { punctuality.came(peer, round: round, now) }
    }

    /// Has what came for this round looked at.
    mutating func inspect(
        _ arrivals: [NeighbourExchange.Arrival], own: Vector, round: UInt64, _ effects: inout Effects
    ) {
        let candidates = arrivals.filter { !trust.isResting($0.sender, round: round) }.sorted { $0.sender < $1.sender }
            .map {
                Inspection.Candidate(peer: $0.sender, payload: $0.payload)
            }
        let isTried = settings.aspects.contains(.useful) && !candidates.isEmpty
        inspection.begin(
            candidates, from: own, trying: isTried ? Int(round % UInt64(candidates.count)) : nil, &effects)
    }

    /// Takes an answer; true once the round can be mixed.
    mutating func answered(_ event: Event, round: UInt64, _ effects: inout Effects) -> Bool {
        let isDone =
            switch event {
            case .measured(let measurements): inspection.measured(measurements, &effects)
            case .scored(let score): inspection.scored(score)
            default: false
            }
        if isDone { judge(inspection.take(), round: round) }
        return isDone
    }

    private func report(from peer: PeerID, _ round: UInt64) -> TrustReport? {
        reports.first { $0.sender == peer && $0.round == round }?.report
    }

    /// Makes the round's weights, and takes note of how everybody did.
    private mutating func judge(_ findings: [Inspection.Finding], round: UInt64) {
        let unit = Double(TrustReport.levels)
        weights = []
        distances = findings.filter(\.isIntact).map(\.distance)
        let near = isLimiting ? nearLimit : nil
        var outcomes: [(peer: PeerID, outcomes: [Bool?])] = []
        for finding in findings {
            let peer = finding.candidate.peer
            guard let report = report(from: peer, round) else { continue }
            let isInTime = watchesTime && !report.wasKept ? punctuality.isInTime(peer, round, settings.patience) : nil
            outcomes.append(
                (peer, finding.outcomes(settings.aspects, limit: near, isInTime: isInTime)))
            guard finding.isIntact, let level = agreed[peer] else { continue }
            let share = isLimiting ? DistanceLimit.share(of: finding.distance, limit, report.limit) : 1
            let weight = Double(level) / (unit + Double(max(levelSum, report.levelSum)))
            if share > 0 { weights.append(MixingWeight(peer: peer, weight: weight * share)) }
        }
        for (peer, outcomes) in outcomes { trust.record(outcomes, of: peer) }
    }

    private var isLimiting: Bool { settings.aspects.contains(.near) }

    /// Equal models are near each other, where all are.
    private var nearLimit: Double? {
        DistanceLimit.median(distances).map { $0 * settings.reach } ?? (distances.isEmpty ? nil : 0)
    }

    // MARK: Believing

    /// The round is mixed: believes what was told in it, and makes ready for the next one.
    ///
    /// - Parameter neighbours: Those who take part.
    mutating func endRound(_ round: UInt64, with neighbours: [PeerID]) {
        let told = reports.filter { $0.round == round }.sorted { $0.sender < $1.sender }
        reports.removeAll { $0.round <= round }
        agreed = [:]
        for one in told where neighbours.contains(one.sender) {
            agreed[one.sender] = min(levels[one.sender, default: 0], one.report.level)
        }
        let subject = trust.subject(round)
        for one in told { trust.hear(one.report.opinion, of: subject, from: one.sender) }
        trust.age()
        levels = [:]
        let threshold = Int(settings.threshold * Double(TrustReport.levels))
        for (peer, level) in agreed.sorted(by: { $0.key < $1.key }) where level < threshold {
            agreed[peer] = nil
            trust.rest(peer, from: round + 1)
        }
        for peer in neighbours where trust.isResting(peer, round: round + 1) { trust.fade(peer, rounds: 1) }
        limit = DistanceLimit(DistanceLimit.median(distances).map { $0 * settings.reach })
        if watchesTime { punctuality.endRound(round, patience: settings.patience) }
    }
}
