import Glibc
import Gossip
import Runtime

/// Time since the peer was opened, by a clock that never goes back.
struct PeerClock: Sendable {
    private let beginning = ContinuousClock.now

    /// The machine's own time, in seconds since 1970.
    var unixSeconds: Int64 { Int64(time(nil)) }

    var now: Time {
        let (seconds, attoseconds) = (ContinuousClock.now - beginning).components
        return Time(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

extension LinkClock {
    /// The clocks of this machine.
    static func system(_ clock: PeerClock) -> LinkClock {
        LinkClock(nanoseconds: { clock.now.nanoseconds }, unixSeconds: { clock.unixSeconds })
    }
}
