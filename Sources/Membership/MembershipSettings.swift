/// How many links a member keeps, and how patient it is. Times are in seconds.
public struct MembershipSettings: Sendable {
    /// Where others may be that know the group; the group's founder has none.
    public var seeds: [MemberAddress]
    /// How often whoever drives the member ticks.
    public static let tickSeconds = 0.25
    /// A link on which nothing came for so long is closed.
    public var silenceSeconds = 10.0

    /// How many links a member wants; below `lowLinks` it dials at once, above `highLinks` it lets some go.
    let wantedLinks: Int
    let lowLinks: Int
    let highLinks: Int
    /// How many it accepts, and how many from those who have none at all.
    let acceptedLinks = 32
    let acceptedLonelyLinks = 64

    let pingSeconds = 1.0
    /// What is urgent follows the last ping after this.
    let urgentSeconds = 0.1
    /// Whoever does not bring a card in this time is not waited for, if another partner has it.
    let cardSeconds = 0.5
    /// Between the beginnings of two comparisons of lists.
    let comparisonSeconds = 1.0
    /// How long the one redial may take before a partner is suspected.
    let redialSeconds = 3.0
    /// How long a suspect has to refute, times one and one's doubt of oneself.
    let suspectSeconds = 15.0
    /// A link is swapped for another one this often, after a heal more often, for so long.
    let swapSeconds = 60.0
    let healedSwapSeconds = 15.0
    let healedSeconds = 120.0
    /// One of the lost is dialed this often, more often by one who is alone, until it has been lost for so long.
    let lostDialSeconds = 30.0
    let lonelyDialSeconds = 5.0
    let lostKeptSeconds = 86_400.0
    /// How often a member says that it is there, times a thousandth of their number where there are more; and how many
    /// beats may fail to come before it is lost.
    let beatSeconds = 300.0
    let leaseBeats = 4.0
    /// Marks older than this are not spread.
    let rumourSeconds = 60.0
    /// Between two dials of the same seed, at least and at most.
    let seedSeconds = 2.0
    let longSeedSeconds = 30.0
    /// Whom a dial did not reach is left alone for so long.
    let failedDialSeconds = 60.0
    /// How many members are known at most.
    let tableLimit = 4096

    /// The defaults, with these seeds and this many wanted links; from a third of it fewer on they are found at once,
    /// and twice as many are kept.
    public init(seeds: [MemberAddress], wantedLinks: Int = 6) {
        self.seeds = seeds
        self.wantedLinks = max(1, wantedLinks)
        lowLinks = max(1, wantedLinks * 2 / 3)
        highLinks = max(2, wantedLinks * 2)
    }
}
