/// How long an engine rests between two looks, when there is nothing to move.
///
/// Directly after something has moved it looks again at once: the answer to a note is often near, and who computes
/// beside it loses little. Then it naps for an eighth of the time that has been quiet, so that whatever comes after
/// that time waits an eighth of it longer at the most; after 8 ms for a millisecond, and after longer times for a
/// thirty-second of them, until a nap of 4 ms has an idle engine cost about a hundredth of a core. What this rank
/// itself sends begins the time again: peers that work in step meet an engine that is awake.
///
/// MPI does not tell how far the bytes under way have come, but moving some takes time: a look that lasted has moved
/// something. So an engine stays awake while it copies and for as long as another one may copy at four gigabytes a
/// second, and naps while a slow wire or a busy peer keeps it waiting.
///
/// All that holds while somebody here waits for what comes. While all compute, an engine that is awake takes its time
/// from a gradient, and nobody is the sooner for it; even waking costs. Then it naps at once when nothing moves, until
/// somebody waits or sends.
struct PollingPolicy: Sendable {
    /// So long after the last movement the engine looks without a nap.
    var eagerSeconds = 40e-6
    var secondsPerByte = 2.5e-10
    /// A look of so long has moved bytes, if any are under way; one that finds nothing takes a microsecond or two.
    var movingLookSeconds = 5e-6
    var shortestNapSeconds = 20e-6
    var longNapSeconds = 1e-3
    var longestNapSeconds = 4e-3
    /// While nobody waits and nothing moves.
    var unawaitedNapSeconds = 2e-3

    /// How long to nap after so many quiet seconds, 0 for not at all.
    ///
    /// - Parameter bytesUnderWay: Nil where no transfer is; else naps are not the longest.
    func napSeconds(quietSeconds: Double, bytesUnderWay: Int?, isAwaited: Bool = true) -> Double {
        guard isAwaited else { return quietSeconds > 0 ? unawaitedNapSeconds : 0 }
        let awakeSeconds = eagerSeconds + secondsPerByte * Double(bytesUnderWay ?? 0)
        guard quietSeconds >= awakeSeconds else { return 0 }
        let nap = max(quietSeconds / 8, shortestNapSeconds)
        guard bytesUnderWay == nil else { return min(nap, longNapSeconds) }
        return min(nap, max(quietSeconds / 32, longNapSeconds), longestNapSeconds)
    }
}
