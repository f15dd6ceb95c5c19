public import Configuration
public import Graphs

/// A training algorithm: a value that takes an event and says what should happen.
///
/// It owns no vector, no clock, no thread and no socket, so the same file runs in the simulator, on threads and over
/// every transport. It can be told anything and cannot fail. Blocking is not asking for a gradient; the order of
/// `update` and `combine` is the difference between adapt-then-combine and combine-then-adapt.
///
/// Duties of whoever drives an algorithm. `Node` has them in every world; those with a star it leaves to its own
/// driver: the simulator, a peer's thread.
///
/// 1. One event at a time, and none within another. What an effect brings about at once (a score, an average of one
///    peer, a message that comes back) is told after the event's other effects.
/// 2. `start` comes first and once*; after a crash a saved algorithm goes on without it (8).
/// 3. Effects are carried out in their order, each on the vectors as they are at that moment: what is sent is the value
///    as of then.
/// 4. Every message has a number, counted by its sender. Each is told `delivered` or
///    `returned`, once. Between two peers messages are told in the order of sending, each once.
/// 5. A payload that came lives until its event's effects are carried out; one that is kept, until the effects of the
///    event with its release are. One that is neither there nor kept is a bug, and so is a second release.
/// 6. What is sent back with `returned` is the value and the weight that were sent: mass is never lost on the way.
/// 7. One computation, of a gradient or on a pass, and one average at a time. `stop` may come at any time*, and more
///    than once: the earliest step counts.
/// 8. Who is back from a crash is told of each message under way, then that everybody else left, then who is there*.
///    The others are told that a peer left, and that it joined, in this order*.
/// 9. A peer that has finished or abandoned is still told everything. Gradients, averages and passes for which one asks
///    that has abandoned are not begun.
/// 10. `end` comes last and once*, when nothing is under way: afterwards no payload is held. A run that is saved has
///    not ended: the saved state holds what is kept, and a longer run goes on from there.
/// 11. A pass begins at the model as it is at that moment, and keeps to that to its end. Its parts are payloads that
///    came (5). It can be begun again, which forgets how far it had come, and dropped unless it is being computed.
///    What it ends with lies in `.gradient`, until another one ends.
/// 12. Passes count no step: `endStep` does. From a pass' end on the optimizer stands at the step that is made of
///    passes, and from `endStep` on at the next.
public protocol Algorithm: Sendable, Codable {
    /// Name, one line, and options, as lists and the schema show them.
    static var description: Description { get }

    /// What is known of it before it is made.
    static var traits: Traits { get }

    /// The same with these options, where they make a difference.
    static func traits(_ options: Options) -> Traits

    /// Passes over its own samples that a peer makes before it hears from others, where that is more than a step: the
    /// last round is completed, be it longer than the run.
    static func epochsPerRound(_ options: Options) -> Int

    /// Refuses what it cannot run with: too many or too few peers, options outside their range. Options that it does
    /// not know, and graphs without what its traits need, are refused before (`Algorithms.make`).
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

    /// How this peer's neighbours stand with it; of an algorithm that judges none, nobody.
    var trustInNeighbours: [TrustStanding] { get }

    /// Of a server: the last of a learner's steps that its vector accounts for, until the next contribution comes.
    /// Tests of a server's vector go by it.
    func lastStep(of learner: PeerID) -> UInt64
}

extension Algorithm {
    public static var traits: Traits { Traits() }
    public static func traits(_ options: Options) -> Traits { traits }
    public static func epochsPerRound(_ options: Options) -> Int { 0 }
    public var evaluated: Term { Term(1, .model) }
    public var invariants: [Invariant] { [] }
    public var stepsMissed: UInt64 { 0 }
    public var awaitsNextStep: Bool { false }
    public var trustInNeighbours: [TrustStanding] { [] }
    public func lastStep(of learner: PeerID) -> UInt64 { 0 }
}
