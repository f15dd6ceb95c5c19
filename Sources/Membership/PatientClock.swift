/// The time that a member lives in: where it was stopped, or its machine slept, its time stood still.
///
/// So a tick that comes late moves every deadline, and a process that did not hear for a while blames nobody for it.
struct PatientClock {
    private var lastSeconds: Double?
    /// The time lived, in seconds.
    private(set) var seconds = 0.0

    /// Goes on to a time of the host's clock; says whether that is so late that the time between did not count.
    mutating func advance(to nowSeconds: Double, tickSeconds: Double) -> Bool {
        let elapsed = max(0, nowSeconds - (lastSeconds ?? nowSeconds))
        lastSeconds = max(nowSeconds, lastSeconds ?? nowSeconds)
        let isLate = elapsed > 4 * tickSeconds
        seconds += isLate ? tickSeconds : elapsed
        return isLate
    }
}
