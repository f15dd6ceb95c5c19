/// A kept link as one end sees it.
struct Link {
    let number: LinkNumber
    let partner: MemberID
    /// Whether this end dialed.
    let isDialed: Bool
    /// Its bit in the masks of the table.
    let slot: Int
    let openedSeconds: Double
    /// When anything came on it.
    var heardSeconds: Double
    var pingedSeconds: Double
    /// The first news that were not sent on it yet.
    var cursor: UInt64
    /// How many links the partner last said that it has.
    var degree: Int
    /// What the partner last said that it knows, and how many pings in succession told another digest than one's own.
    var digest: UInt64
    var differingPings = 0
    /// Whether this end shall compare lists with the partner, if their digests differ.
    var isComparisonDue: Bool
    /// What is still to be asked of the partner, and how much is asked and not yet answered.
    var wants: [Want] = []
    var wantsUnderWay = 0
}
