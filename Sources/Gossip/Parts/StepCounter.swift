/// Counts a peer's steps and knows the last one.
public struct StepCounter: Sendable, Hashable, Codable {
    /// Steps made.
    public private(set) var step: UInt64 = 0
    /// Steps to be made.
    public private(set) var last: UInt64

    /// Begins before the first of so many steps.
    public init(steps: UInt64) { last = steps }

    /// Whether no step is left to be made.
    public var isDone: Bool { step >= last }

    /// Counts a step that was made.
    public mutating func advance() { step += 1 }

    /// Takes up the step that others make, for one who joins them.
    public mutating func join(at step: UInt64) { self.step = step }

    /// Reads a pace of a saved run. Where the decoder knows how many steps the run is to have now, that is its end.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        step = try container.decode(UInt64.self, forKey: .step)
        last =
            try (decoder.userInfo[.steps] as? ResumedSteps)?.ofCurrent ?? container.decode(UInt64.self, forKey: .last)
    }

    private enum CodingKeys: CodingKey { case step, last }

    /// No step is left to be made from now on; one that is under way counts no more.
    public mutating func end() { last = min(last, step) }

    /// Moves the end forward to `step`, but not before the step that is under way.
    public mutating func stop(after step: UInt64) { last = min(last, max(step, self.step + 1)) }
}
