public import Conditions
public import Gossip
import HeapModule
import Randomness

/// How a faulty transport sees a run: what is wrong in it, and its time.
public struct FaultView: Sendable {
    let active: @Sendable () -> (faults: ActiveFaults, now: Time)?
    let now: @Sendable () -> Time
    let moment: @Sendable (Time) -> Time

    /// - Parameters:
    ///   - active: the faults that hold now, and the time; nil where nothing is wrong. The two belong together: what
    ///     goes wrong may end at any moment.
    ///   - now: the time by which frames are held back; far off once nothing is wrong any more, so that all leave.
    ///   - moment: the moment of the transport's own clock at which that time comes.
    public init(
        active: @escaping @Sendable () -> (faults: ActiveFaults, now: Time)?, now: @escaping @Sendable () -> Time,
        moment: @escaping @Sendable (Time) -> Time
    ) {
        self.active = active
        self.now = now
        self.moment = moment
    }
}
