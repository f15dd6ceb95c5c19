public import Configuration
public import Graphs

/// A training algorithm: a value that takes an event and says what should happen.
///
/// It owns no vector, no clock, no thread and no socket, so the same file runs in the simulator, on threads and over
/// every transport. It can be told anything and cannot fail. Blocking is not asking for a gradient; the order of
/// `update` and `combine` is the difference between adapt-then-combine and combine-then-adapt.
public protocol Algorithm: Sendable, Codable {
    /// Name, one line, and options, as lists and the schema show them.
    static var description: Description { get }

    /// Whether peers wait for each other in every step, so that all must end after the same one. Then a run on threads
    /// is the same to the bit as one in the simulator.
    static var isLockStep: Bool { get }

    /// The same with these options, where they make a difference.
    static func isLockStep(_ options: Options) -> Bool

    /// Whether peers that wait for each other do so between rounds alone, in which each goes through its own share:
    /// they make as many steps as their shares are long, where others who wait for each other all make the same number.
    static var isPacedByShares: Bool { get }

    /// Whether every step waits for the peers from whom the graph lets this one hear in it: nobody then gets further
    /// ahead of them than by the round under way.
    static var keepsStepWithNeighbours: Bool { get }

    /// Whether the algorithm has a momentum of its own and takes plain gradient steps, so that an optimizer with one is
    /// refused.
    static var bringsMomentum: Bool { get }

    /// Whether it has models scored, so that samples must be set apart for validation.
    static var needsScores: Bool { get }

    /// What it makes of the topology: keys of what it does not use are refused.
    static var graphUse: GraphUse { get }

    /// How many servers stand behind the learners: peers without data, with ids from `Setup.peers` upward.
    static var servers: Int { get }

    /// Which crashes and returns the algorithm lives through. It answers the others too: by `Effect.abandon`, never by
    /// waiting forever. Lost, repeated and late messages are the session's business and harm none.
    static var faultTolerance: FaultTolerance { get }

    /// The same with these options, where they make a difference.
    static func faultTolerance(_ options: Options) -> FaultTolerance

    /// Passes over its own samples that a peer makes before it hears from others, where that is more than a step: the
    /// last round is completed, be it longer than the run.
    static func epochsPerRound(_ options: Options) -> Int

    /// Refuses what it cannot run with: too many or too few peers, options outside their range, a graph without the
    /// property that it needs.
    init(_ setup: Setup, options: Options) throws(ConfigurationError)

    /// Handles one event at `now`; appends what should happen.
    mutating func handle(_ event: Event, now: Time, _ effects: inout Effects)

    /// What is tested and saved: the model, a de-biased one, a server.
    var evaluated: Term { get }

    /// What is conserved over all peers and messages, for the checkers.
    var invariants: [Invariant] { get }

    /// Steps that the others had made when this peer joined their rounds: the schedule of its learning rate goes on
    /// from there. 0 where it has been there from the beginning, or makes all its steps at its own pace.
    var stepsMissed: UInt64 { get }

    /// Whether the last step is over although no gradient is asked for, since the next one begins by waiting. In all
    /// other algorithms a peer that asks for no gradient is still in its last step.
    var awaitsNextStep: Bool { get }

    /// Of a server: the last of a learner's steps that its vector accounts for, until the next contribution comes.
    /// Tests of a server's vector go by it.
    func lastStep(of learner: PeerID) -> UInt64
}

extension Algorithm {
    public static var isLockStep: Bool { false }
    public static func isLockStep(_ options: Options) -> Bool { isLockStep }
    public static var keepsStepWithNeighbours: Bool { false }
    public static var bringsMomentum: Bool { false }
    public static var needsScores: Bool { false }
    public static var graphUse: GraphUse { .none }
    public static var servers: Int { 0 }
    public static var faultTolerance: FaultTolerance { [] }
    public static func faultTolerance(_ options: Options) -> FaultTolerance { faultTolerance }
    public static func epochsPerRound(_ options: Options) -> Int { 0 }
    public var evaluated: Term { Term(1, .model) }
    public var invariants: [Invariant] { [] }
    public var stepsMissed: UInt64 { 0 }
    public var awaitsNextStep: Bool { false }
    public func lastStep(of learner: PeerID) -> UInt64 { 0 }
    public static var isPacedByShares: Bool { false }
}
