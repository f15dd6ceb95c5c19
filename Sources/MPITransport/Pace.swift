/// How long an engine rests between two looks, when there is nothing to move.
///
/// Directly after something has moved, and while bytes are under way, it looks again at once. Then it naps for an
/// eighth of the time that has been quiet, so that whatever comes after that time waits an eighth of it longer at the
/// most; after 8 ms for a millisecond, and after longer times for a thirty-second of them, until a nap of 4 ms has an
/// idle engine cost less than a hundredth of a core. What this rank itself sends begins the time anew: peers that work
/// in step meet an engine that is awake.
struct Pace: Sendable {
    /// So long after the last movement the engine looks without a nap: the answer to a message is often near.
    var eagerSeconds = 100e-6
    /// Bytes under way may take so long before the engine begins to nap: half a gigabyte a second, and some time for
    /// the other side to wake up.
    var patienceSeconds = 2e-3
    var secondsPerByte = 2e-9
    var shortestNapSeconds = 20e-6
    var longNapSeconds = 1e-3
    var longestNapSeconds = 4e-3
    /// While something is under way, naps are not longer than this.
    var longestBusyNapSeconds = 200e-6

    /// How long to nap after so many quiet seconds with so many bytes under way, 0 for not at all. No bytes are under
    /// way where `bytes` is nil.
    func napSeconds(quietSeconds: Double, bytes: Int?) -> Double {
        let limit = bytes.map { patienceSeconds + secondsPerByte * Double($0) } ?? eagerSeconds
        guard quietSeconds >= limit else { return 0 }
        let nap = max(quietSeconds / 8, shortestNapSeconds)
        guard bytes == nil else { return min(nap, longestBusyNapSeconds) }
        return min(nap, max(quietSeconds / 32, longNapSeconds), longestNapSeconds)
    }
}
