import Configuration

/// Faults that the peers of an algorithm live through, each of them going on to make its steps.
public struct FaultTolerance: OptionSet, Sendable, Hashable, Codable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A learner dies for good.
    public static let crash = FaultTolerance(rawValue: 1 << 0)
    /// A learner dies and comes back as it was at its last checkpoint.
    public static let restart = FaultTolerance(rawValue: 1 << 1)
    /// A message is lost or corrupted on its way, or the way is cut for a while.
    public static let loss = FaultTolerance(rawValue: 1 << 2)
    /// A message comes twice.
    public static let duplication = FaultTolerance(rawValue: 1 << 3)
    /// A message is late or overtaken, or the one who sends or handles it is.
    public static let lateness = FaultTolerance(rawValue: 1 << 4)
    /// A learner that was not there at first joins.
    public static let join = FaultTolerance(rawValue: 1 << 5)
    /// A learner leaves on purpose while the others go on.
    public static let leave = FaultTolerance(rawValue: 1 << 6)

    /// What may happen to messages: the session sends again, in order and once, so no algorithm minds.
    public static let messages: FaultTolerance = [.loss, .duplication, .lateness]
}
