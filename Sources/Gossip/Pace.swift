/// Counts a peer's steps and knows the last one.
public struct Pace: Sendable, Hashable, Codable {
    /// Steps made.
    public private(set) var step: UInt64 = 0
    private var last: UInt64

    public init(steps: UInt64) { last = steps }

    public var isDone: Bool { step >= last }

    public mutating func advance() { step += 1 }

    /// Moves the end forward to `step`, but not before the step that is under way.
    public mutating func stop(after step: UInt64) { last = min(last, max(step, self.step + 1)) }
}
