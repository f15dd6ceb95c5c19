/// The time, as whoever runs an engine gives it.
public struct OpenClock: Sendable {
    /// Nanoseconds of a clock that never goes back.
    public var nanoseconds: @Sendable () -> Int64
    /// Seconds since 1970, by which certificates are judged.
    public var unixSeconds: @Sendable () -> Int64

    /// These two clocks; both are asked on any thread.
    public init(
        nanoseconds: @escaping @Sendable () -> Int64, unixSeconds: @escaping @Sendable () -> Int64
    ) {
        self.nanoseconds = nanoseconds
        self.unixSeconds = unixSeconds
    }
}
