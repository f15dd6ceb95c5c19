/// A moment, in nanoseconds since the run began: virtual in the simulator, monotonic elsewhere. What would be later
/// than `distantFuture` is that, so that no sum of long times overflows.
public struct Time: Hashable, Comparable, Sendable, Codable {
    /// Below 0 is before the run began.
    public var nanoseconds: Int64

    /// The moment so many nanoseconds after the run began.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    /// Rounded to a nanosecond, and at most `distantFuture` away from the run's beginning on either side.
    public init(seconds: Double) {
        let rounded = (seconds * 1e9).rounded()
        nanoseconds = Int64(min(max(rounded, -Self.limit), Self.limit))
    }

    /// The beginning of the run.
    public static let zero = Time(nanoseconds: 0)
    /// 146 years: the sum of two such times still counts in 64 bits.
    public static let distantFuture = Time(nanoseconds: 1 << 62)
    private static let limit = 0x1p62
    /// Seconds since the run began.
    public var seconds: Double { Double(nanoseconds) * 1e-9 }

    /// Whether `a` is earlier.
    public static func < (a: Time, b: Time) -> Bool { a.nanoseconds < b.nanoseconds }
    /// So many seconds later, or `distantFuture` if that is earlier.
    public static func + (a: Time, seconds: Double) -> Time {
        let sum = a.nanoseconds.addingReportingOverflow(Time(seconds: seconds).nanoseconds)
        return sum.overflow ? distantFuture : min(Time(nanoseconds: sum.partialValue), distantFuture)
    }
    /// Seconds from `b` to `a`.
    public static func - (a: Time, b: Time) -> Double { Double(a.nanoseconds - b.nanoseconds) * 1e-9 }
}
