/// How long a link's phases last at most, and how much its other side may send. Times are in nanoseconds.
struct LinkLimits: Sendable, Hashable {
    /// Dialing and TLS, until the other side's certificates are known.
    var securing: Int64 = 10 * second
    /// From there to its greeting.
    var greeting: Int64 = 5 * second
    /// From one side's shutdown to the other's.
    var closing: Int64 = 5 * second

    /// Items that are no parts of a payload: how many and how many bytes a second, and what may come at once.
    var controlItemsPerSecond = 50.0
    var controlItemBurst = 500.0
    var controlBytesPerSecond = 65_536.0
    var controlByteBurst = 1_048_576.0

    /// Frames and words for their payloads to come: how many a second, with what may come at once.
    var framesPerSecond = 4000.0
    var frameBurst = 8000.0

    /// How many payloads the other side may have announced that have not come whole.
    var modelsUnderWay = 2
    /// A payload that may come has to bring so many bytes in each window.
    var slowestBytes = 16 * 1024 * 60
    var slowestWindow: Int64 = 60 * second

    static let second: Int64 = 1_000_000_000
}
