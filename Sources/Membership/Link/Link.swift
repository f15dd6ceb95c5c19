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
    /// How many pings in succession told another digest than one's own.
    var differingPings = 0
    /// What is still to be asked of the partner, and how much is asked and not yet answered.
    var wants: [Want] = []
    var wantsUnderWay = 0
}
