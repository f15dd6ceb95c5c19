import Glibc
import Gossip
import Runtime

/// Time since the peer was opened, by a clock that never goes back.
struct PeerClock: Sendable {
    private let beginning = ContinuousClock.now

    var now: Time {
        let (seconds, attoseconds) = (ContinuousClock.now - beginning).components
        return Time(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

extension LinkClock {
    /// The clocks of this machine.
    static func system(_ clock: PeerClock) -> LinkClock {
        LinkClock(nanoseconds: { clock.now.nanoseconds }, unixSeconds: { Int64(time(nil)) })
    }
}
