import Runtime
import Synchronization

@testable import OpenTransport

/// The machine's clock, or one that goes so many times as fast, which a test may put forward; by it every certificate
/// of a `SmallGroup` holds.
final class TestClock: Sendable {
    private let begin = ContinuousClock.now
    private let ahead = Atomic<Int64>(0)
    private let speed: Int

    /// - Parameter speed: with 0 it stands still unless a test puts it forward.
    init(speed: Int = 1) { self.speed = speed }

    /// Lets so many seconds have gone by.
    func advance(seconds: Int64) { ahead.add(seconds * 1_000_000_000, ordering: .relaxed) }

    private var nanoseconds: Int64 {
        let (seconds, rest) = ((ContinuousClock.now - begin) * speed).components
        return seconds * 1_000_000_000 + rest / 1_000_000_000 + ahead.load(ordering: .relaxed)
    }

    var open: LinkClock {
        LinkClock(
            nanoseconds: { self.nanoseconds },
            unixSeconds: { SmallGroup.now + self.nanoseconds / 1_000_000_000 })
    }
}
