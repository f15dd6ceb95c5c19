import Randomness

/// When a member does next what it does from time to time, in seconds of its own time.
struct Timers {
    var swapSeconds: Double
    var lostDialSeconds: Double
    var beatSeconds: Double
    var seedSeconds = 0.0
    /// How long it waits between two dials of its seeds.
    var seedPauseSeconds: Double
    var fillSeconds = 0.0
    var comparisonSeconds = 0.0
    var pruneSeconds = 0.0
    var leaseSeconds = 10.0
    var calmSeconds = 30.0
    /// Until when links are swapped more often, for the group was whole again a while ago.
    var healedUntilSeconds = 0.0
    /// Whether links are still to be closed for those that were opened to swap.
    var swapsToPrune = 0

    /// Each at a time of its own, so that members do not act in step.
    init(_ settings: MembershipSettings, _ stream: inout RandomStream) {
        swapSeconds = settings.swapSeconds * (0.5 + stream.uniform())
        lostDialSeconds = settings.lostDialSeconds * stream.uniform()
        beatSeconds = settings.beatSeconds * (0.5 + 0.5 * stream.uniform())
        seedPauseSeconds = settings.seedSeconds
    }
}
