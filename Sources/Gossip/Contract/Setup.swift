public import Configuration
public import Graphs
import Randomness

/// What an algorithm knows of the run when it begins.
public struct Setup: Sendable {
    public let me: PeerID
    /// Learners in the run.
    public let peers: Int
    /// The run's seed; algorithms draw from `RandomStream(seed:, purpose: .algorithm, peer:)`.
    public let seed: UInt64
    /// Who sends to whom, round for round.
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
    /// The tensors of a peer's vectors in their order; none where they are one row of numbers.
    public let tensors: [Factoring.Extent]
    /// Learners that are not there at first and join later: at the beginning they have no share of anything, and
    /// nobody is to wait for them.
    public let joiners: Set<PeerID>
    /// The share of the way that mixing goes in a round where links compress with replicas at both ends: then what is
    /// mixed is what peers know of each other (`Vector.told`). Nil where a message brings the vector as it is.
    public let linkRate: Double?
    /// Whether peers come and go over links, and numbers are places of this peer's own: see `open`.
    public private(set) var isOpen = false

    /// Whether this peer is a server: it has no data and makes no steps.
    public var isServer: Bool { me.rawValue >= peers }

    /// Whether this peer is one of those who join later.
    public var isJoiner: Bool { joiners.contains(me) }
    /// Learners that are there at the beginning.
    public var founders: Int { peers - joiners.count }

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
        joiners: Set<PeerID> = [], tensors: [Factoring.Extent] = [], linkRate: Double? = nil
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
        self.joiners = joiners
        self.tensors = tensors
        self.linkRate = linkRate
    }

    /// Places on an open network, the peer's own among them.
    public static let places = 64

    /// The same on an open network, where nobody knows who all peers are: this peer is 0, and the other numbers are
    /// places for those with whom it has links. All of them come later, and so does this peer unless it founds the run.
    ///
    /// - Parameter key: What tells the peer from all others. Its draws are its own by that, since it has no number of
    ///   its own.
    public func open(key: UInt64, isFounder: Bool) throws(ConfigurationError) -> Setup {
        let places = Self.places
        var stream = RandomStream(seed: seed, purpose: .algorithm, round: key)
        var setup = Setup(
            me: 0, peers: places, seed: stream.next(), graph: try Graph("complete", peers: places), samples: samples,
            stepsPerEpoch: stepsPerEpoch, steps: steps, optimizerHasMomentum: optimizerHasMomentum,
            joiners: Set(((isFounder ? 1 : 0)..<places).map { PeerID($0) }), tensors: tensors)
        setup.isOpen = true
        return setup
    }
}
