/// What a member knows of another one, or of itself.
struct MemberEntry {
    var card: Card
    var version: MemberVersion
    var reachability: Reachability
    /// The signature of the beat.
    var signature: [UInt8]
    /// When the mark was made, where there is one.
    var markedSeconds = 0.0
    /// When the last beat came.
    var heardSeconds: Double
    /// When it was last found to be there after it had been lost.
    var returnedSeconds = -Double.infinity
    /// Until when it is not dialed, since that failed.
    var avoidedUntilSeconds = 0.0
    /// The place of the last change in the news.
    var newsPlace: UInt64 = 0
    /// The links, a bit each, whose other end is known to know this.
    var knownSlots: UInt64 = 0

    /// Whether it counts as a member: it does until it is lost.
    var isPresent: Bool { version.standing != .lost }

    /// Whether it may be dialed at all.
    var isDialable: Bool { !card.addresses.isEmpty && reachability != .unreachable }

    /// Whether it may be dialed now.
    func mayBeDialed(atSeconds now: Double) -> Bool {
        version.standing == .alive && isDialable && avoidedUntilSeconds <= now
    }

    /// What is told of it, with its card where that is wanted.
    func record(atSeconds now: Double, withCard: Bool) -> Record {
        Record(
            id: card.id, version: version, reachability: reachability,
            ageSeconds: version.standing == .alive ? 0 : max(0, now - markedSeconds), card: withCard ? card : nil,
            signature: version.standing == .alive ? signature : [])
    }
}
