/// The clocks by which a peer of an open network lives.
public struct LinkClock: Sendable {
    /// Nanoseconds of a clock that never goes back.
    public let nanoseconds: @Sendable () -> Int64
    /// Seconds since 1970, by which memberships and the end of the run are judged.
    public let unixSeconds: @Sendable () -> Int64

    /// Both clocks are asked on any thread.
    public init(
        nanoseconds: @escaping @Sendable () -> Int64, unixSeconds: @escaping @Sendable () -> Int64
    ) {
        self.nanoseconds = nanoseconds
        self.unixSeconds = unixSeconds
    }
}
