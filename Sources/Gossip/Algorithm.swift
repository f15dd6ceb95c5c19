public import Configuration

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

    /// How many servers or centres stand behind the learners: peers without data, with ids from `Setup.peers` upward.
    static var servers: Int { get }

    /// Which deaths and returns the algorithm lives through. It answers the others too: by `Effect.abandon`, never by
    /// waiting for ever. Lost, repeated and late messages are the session's business and harm none.
    static var promises: Promises { get }

    /// The same with these options, where they make a difference.
    static func promises(_ options: Options) -> Promises

    /// Passes over its own samples that a peer makes before it hears from others, where that is more than a step: the
    /// last round is completed, be it longer than the run.
    static func epochsPerRound(_ options: Options) -> Int

    /// Refuses what it cannot run with: too many or too few peers, options outside their range, a graph without the
    /// property that it needs.
    init(_ setup: Setup, options: Options) throws(ConfigurationError)

    /// Handles one event at `now`; appends what should happen.
    mutating func handle(_ event: Event, now: Time, _ effects: inout Effects)

    /// What is tested and saved: the model, a de-biased one, a centre.
    var evaluated: Term { get }

    /// What is conserved over all peers and messages, for the checkers.
    var laws: [Law] { get }

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
    public static var promises: Promises { [] }
    public static func promises(_ options: Options) -> Promises { promises }
    public static func epochsPerRound(_ options: Options) -> Int { 0 }
    public var evaluated: Term { Term(1, .model) }
    public var laws: [Law] { [] }
    public var stepsMissed: UInt64 { 0 }
    public var awaitsNextStep: Bool { false }
    public func lastStep(of learner: PeerID) -> UInt64 { 0 }
    public static var isPacedByShares: Bool { false }
}

/// Faults that the peers of an algorithm live through, each of them going on to make its steps.
public struct Promises: OptionSet, Sendable, Hashable, Codable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A learner dies for good.
    public static let death = Promises(rawValue: 1 << 0)
    /// A learner dies and comes back as it was at its last checkpoint.
    public static let restart = Promises(rawValue: 1 << 1)
    /// A message is lost or garbled on its way, or the way is cut for a while.
    public static let loss = Promises(rawValue: 1 << 2)
    /// A message comes twice.
    public static let duplication = Promises(rawValue: 1 << 3)
    /// A message is late or overtaken, or the one who sends or handles it is.
    public static let lateness = Promises(rawValue: 1 << 4)
    /// A learner that was not there at first joins.
    public static let join = Promises(rawValue: 1 << 5)

    /// What may happen to messages: the session sends again, in order and once, so no algorithm minds.
    public static let messages: Promises = [.loss, .duplication, .lateness]
}

/// What an algorithm knows of the run when it begins.
public struct Setup: Sendable {
    public let me: PeerID
    /// Learners in the run.
    public let peers: Int
    /// The run's seed; algorithms draw from `RandomStream(seed:, purpose: .algorithm, peer:)`.
    public let seed: UInt64
    public let graph: Graph
    /// How peers weigh each other's values.
    public let mixing: MixingMatrix
    /// Training samples of this peer.
    public let samples: Int
    /// Steps in which this peer goes through its samples once.
    public let stepsPerEpoch: Int
    /// Gradient steps that this peer is to make.
    public let steps: UInt64
    /// Gradient steps that each learner is to make, as a server knows them.
    private let learnerSteps: [UInt64]
    /// Whether the optimizer remembers gradients.
    public let optimizerHasMomentum: Bool
    /// Learners that are not there at first and join later: at the beginning they have no share of anything, and
    /// nobody is to wait for them.
    public let latecomers: Set<PeerID>

    /// Whether this peer is a server or centre: it has no data and makes no steps.
    public var isServer: Bool { me.rawValue >= peers }

    /// Whether this peer is one of those who join later.
    public var isLatecomer: Bool { latecomers.contains(me) }
    /// Learners that are there at the beginning.
    public var founders: Int { peers - latecomers.count }

    /// Gradient steps that a learner is to make, as a server knows them.
    public func steps(of learner: PeerID) -> UInt64 {
        learnerSteps.indices.contains(learner.rawValue) ? learnerSteps[learner.rawValue] : steps
    }

    /// The mixing matrix is the graph's by its own rule.
    ///
    /// - Parameter learnerSteps: Given to servers; where it is empty all learners make `steps`.
    public init(
        me: PeerID, peers: Int, seed: UInt64, graph: Graph, samples: Int, stepsPerEpoch: Int,
        steps: UInt64, learnerSteps: [UInt64] = [], optimizerHasMomentum: Bool = false,
        latecomers: Set<PeerID> = []
    ) {
        self.me = me
        self.peers = peers
        self.seed = seed
        self.graph = graph
        mixing = MixingMatrix(graph)
        self.samples = samples
        self.stepsPerEpoch = stepsPerEpoch
        self.steps = steps
        self.learnerSteps = learnerSteps
        self.optimizerHasMomentum = optimizerHasMomentum
        self.latecomers = latecomers
    }
}

/// A conservation law: the shares that peers hold, plus what undelivered messages carry, plus what was lost with peers
/// that died, is always `total`.
public struct Law: Sendable, Hashable {
    /// What is conserved; laws of one name belong together across peers.
    public let name: String
    /// The sum over everything.
    public let total: Double
    /// This peer's share now.
    public let held: Double
    /// How far float64 rounding may carry the sum.
    public let tolerance: Double

    public init(name: String, total: Double, held: Double, tolerance: Double = 1e-12) {
        self.name = name
        self.total = total
        self.held = held
        self.tolerance = tolerance
    }

    /// The name of the law whose share in a message is its note's weight.
    public static let mass = "mass"
}
