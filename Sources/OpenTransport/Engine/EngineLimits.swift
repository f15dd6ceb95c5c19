/// How much an engine takes on. Times are in nanoseconds.
struct EngineLimits: Sendable {
    /// Connections that came and have not shown who they are: all of them, of one network (an IPv4 address, a /64 of
    /// IPv6), and how many may begin in a second.
    var handshakes = 64
    var handshakesOfNetwork = 4
    var handshakesPerSecond = 20.0
    /// Connections of any kind that came.
    var accepted = 256
    /// Models that may come at once, of all links together; and be announced to one other side.
    var incomingModels = 4
    var outgoingModels = 2
    /// Models that wait behind those; a node that sends more without waiting for word loses the link.
    var waitingModels = 16
    /// What the control items of a link go out with, below what its other side bears.
    var controlItemsPerSecond = 40.0
    var controlItemBurst = 400.0
    var controlBytesPerSecond = 52_000.0
    var controlByteBurst = 800_000.0
    /// What waits for that at most.
    var waitingControlBytes = 2 << 20
    /// Frames and words for payloads in a second.
    var framesPerSecond = 2000.0
    var frameBurst = 4000.0
    /// Between two attempts to reach the addresses of one member.
    var dialPause: Int64 = 250_000_000
    /// Dialing until the connection is there.
    var dialing: Int64 = 10_000_000_000
    /// How long a link that is spared waits for a moment in which nothing would be in doubt.
    var retiring: Int64 = 5_000_000_000
    /// How long who only asks what is trained is waited for.
    var asking: Int64 = 10_000_000_000
    /// From the end of a link until its socket is closed, so that its last word arrives.
    var draining: Int64 = 1_000_000_000
    /// From the call of `stop` to its return.
    var stopping: Int64 = 5_000_000_000
    /// Names of hosts that are looked up at once.
    var lookups = 8
    /// Members that are dialed back at once.
    var dialBacks = 8

    /// Bytes of a payload in one item.
    static let chunkByteCount = 1 << 16
    /// What one link may read or write before the others have their turn.
    static let turnByteCount = 1 << 18
    /// Clocks that differ by more are told of, in seconds.
    static let mostClockSeconds: Int64 = 300
    /// A list of revocations in one item, and the longest that is spread.
    static let revocationPartByteCount = 60_000
    static let mostRevocationByteCount = 1 << 19
    /// Frames that may come before a payload that was announced earlier.
    static let mostOvertaking = 256
    /// The protocols that this build speaks.
    static let protocols: ClosedRange<UInt16> = 1...1
}
