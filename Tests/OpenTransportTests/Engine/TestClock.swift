import Runtime
import Synchronization

@testable import OpenTransport

/// The machine's clock, which a test may put forward; by it every certificate of a `SmallGroup` holds.
final class TestClock: Sendable {
    private let begin = ContinuousClock.now
    private let ahead = Atomic<Int64>(0)

    /// Lets so many seconds have gone by.
    func advance(seconds: Int64) { ahead.add(seconds * 1_000_000_000, ordering: .relaxed) }

    private var nanoseconds: Int64 {
        let (seconds, rest) = (ContinuousClock.now - begin).components
        return seconds * 1_000_000_000 + rest / 1_000_000_000 + ahead.load(ordering: .relaxed)
    }

    var open: LinkClock {
        LinkClock(
            nanoseconds: { self.nanoseconds },
            unixSeconds: { SmallGroup.now + self.nanoseconds / 1_000_000_000 })
    }
}
