/// What a peer tells a neighbour ahead of its model of the same round, in the few numbers of a message without one.
struct TrustReport: Sendable, Hashable, Codable {
    /// Its trust in the receiver, from 0 to `levels`.
    let level: Int
    /// What the levels of all its edges come to, each the smaller one of both ends, as of the round before.
    let levelSum: Int
    /// Whether it was kept waiting itself, in the round before.
    let wasKept: Bool
    let limit: DistanceLimit
    /// What it has heard and seen of the round's subject.
    let opinion: Opinion

    /// The greatest level: full trust.
    static let levels = 1023

    init(level: Int, levelSum: Int, wasKept: Bool, limit: DistanceLimit, opinion: Opinion) {
        self.level = level
        self.levelSum = levelSum
        self.wasKept = wasKept
        self.limit = limit
        self.opinion = opinion
    }

    /// The weight is a whole number of 31 bits, so that sums of such are exact.
    init(_ metadata: Metadata) {
        level = Int(metadata.tag >> 22)
        levelSum = Int(metadata.tag & 0x3f_ffff)
        let bits = metadata.weight >= 0 && metadata.weight < 0x1p31 ? UInt64(metadata.weight) : 0
        opinion = Opinion(bits: bits)
        limit = DistanceLimit(bits: bits >> UInt64(Opinion.bitCount))
        wasKept = bits >> UInt64(Opinion.bitCount + DistanceLimit.bitCount) == 1
    }

    func metadata(round: UInt64) -> Metadata {
        let tag = UInt32(min(max(level, 0), Self.levels)) << 22 | UInt32(min(max(levelSum, 0), 0x3f_ffff))
        let limits = limit.bits << UInt64(Opinion.bitCount)
        let flag: UInt64 = wasKept ? 1 << UInt64(Opinion.bitCount + DistanceLimit.bitCount) : 0
        return Metadata(round: round, tag: tag, weight: Double(flag | limits | opinion.bits))
    }
}
