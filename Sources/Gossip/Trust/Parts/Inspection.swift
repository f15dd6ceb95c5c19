import Graphs

/// Looks at what neighbours sent before any of it is used: how far it is away, whether its numbers are any, and whether
/// one of the models is of use. The answers come before anything else happens.
struct Inspection: Sendable, Codable {
    struct Candidate: Sendable, Hashable, Codable {
        let peer: PeerID
        let payload: PayloadID
    }

    /// What was found of a candidate.
    struct Finding {
        let candidate: Candidate
        let distance: Double
        let isIntact: Bool
        /// Nil where it was not tried.
        var isUseful: Bool?
    }

    /// Half of one's own model and half of a neighbour's.
    private static let probe = Vector.named(22)

    private(set) var candidates: [Candidate] = []
    private var measurements: [Measurement] = []
    private var scores: [Double] = []
    /// Which of the candidates is tried.
    private var tried: Int?
    private var own = Vector.model
    /// What half of the last neighbours' models did to the score, good or bad.
    private var changes: [Double] = []
    /// Whether distances, or scores, are waited for.
    private(set) var isUnderWay = false

    /// Asks for the distances from `own`; of another vector of this peer too, where one is named.
    ///
    /// - Parameter tried: Which of the candidates is tried for its use; nil for none.
    mutating func begin(
        _ candidates: [Candidate], from own: Vector, besides past: Vector? = nil, trying tried: Int?,
        _ effects: inout Effects
    ) {
        self.candidates = candidates
        self.own = own
        self.tried = tried
        measurements = []
        scores = []
        isUnderWay = true
        effects.measure(candidates.map { .received($0.payload) } + [past].compactMap(\.self), from: own)
    }

    /// Takes in the distances; true once all answers are there.
    mutating func measured(_ measurements: [Measurement], _ effects: inout Effects) -> Bool {
        guard isUnderWay, self.measurements.isEmpty, measurements.count >= candidates.count else { return false }
        self.measurements = measurements
        if let tried, candidates.indices.contains(tried), measurements[tried].isFinite {
            effects.score(own)
            effects.combine(
                into: Self.probe, Term(0.5, own), Term(0.5, .received(candidates[tried].payload)))
            effects.score(Self.probe)
            return false
        }
        tried = nil
        isUnderWay = false
        return true
    }

    /// Takes in a score; true once all answers are there.
    mutating func scored(_ score: Double) -> Bool {
        guard isUnderWay, tried != nil else { return false }
        scores.append(score)
        guard scores.count == 2 else { return false }
        isUnderWay = false
        return true
    }

    /// How far the other vector is away; nil where none was named.
    var pastDistance: Double? {
        measurements.count > candidates.count ? measurements.last.flatMap { $0.isFinite ? $0.distance : nil } : nil
    }

    /// What was found, in the order of the candidates; afterwards nothing is known any more.
    mutating func take() -> [Finding] {
        let isUseful = judgeUse()
        defer { (candidates, measurements, scores, tried) = ([], [], [], nil) }
        return zip(candidates.indices, zip(candidates, measurements)).map { index, found in
            Finding(
                candidate: found.0, distance: found.1.distance, isIntact: found.1.isFinite,
                isUseful: index == tried ? isUseful : nil)
        }
    }

    // MARK: Use

    private static let window = 31
    private static let leastCount = 5

    /// Whether the mixed model scores no worse than one's own but for what is usual among neighbours: by four times the
    /// median deviation from the median change at the most. Nil where nobody was tried, or too few were before.
    private mutating func judgeUse() -> Bool? {
        guard scores.count == 2 else { return nil }
        let change = scores[1] - scores[0]
        guard change.isFinite else { return false }
        defer {
            changes.append(change)
            if changes.count > Self.window { changes.removeFirst() }
        }
        guard changes.count >= Self.leastCount else { return nil }
        let usual = Self.median(changes)
        let spread = Self.median(changes.map { abs($0 - usual) })
        return change >= min(0, usual) - max(4 * spread, Self.rounding * abs(scores[0]))
    }

    /// What a score may differ by without any reason.
    private static let rounding = 1e-4

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

extension Inspection.Finding {
    /// How the candidate did in each aspect; nil where there was nothing to see.
    ///
    /// - Parameters:
    ///   - limit: How far a near model is away at the most; nil where nobody can tell.
    ///   - isInTime: Whether it came in time, where that was seen.
    func outcomes(_ aspects: [TrustAspect], limit: Double?, isInTime: Bool?) -> [Bool?] {
        aspects.map { aspect in
            switch aspect {
            case .inTime: isInTime
            case .intact: isIntact
            case .near: isIntact ? limit.map { distance <= $0 } : nil
            case .useful: isUseful
            }
        }
    }
}
