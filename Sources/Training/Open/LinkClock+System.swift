import Foundation
import Runs
public import Runtime

extension LinkClock {
    /// Those of this machine.
    public static var system: LinkClock {
        let begin = ContinuousClock.now
        return LinkClock(
            nanoseconds: { (ContinuousClock.now - begin).wholeNanoseconds },
            unixSeconds: { Int64(Date().timeIntervalSince1970) })
    }
}
