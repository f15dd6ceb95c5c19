public import Graphs

/// What is known of an algorithm before it is made, beside its name and options.
public struct Traits: Sendable, Hashable {
    /// Which crashes, returns and joins it lives through. It answers the others too: by `Effect.abandon`, never by
    /// waiting forever. Lost, repeated and late messages are the session's business and harm none, and are always
    /// among them.
    public var faultTolerance: FaultTolerance
    /// What it wants of the graph and of the mixing matrix; who lacks it is refused.
    public var needs: [MixingProperty]
    /// How many servers stand behind the learners: peers without data, with ids from `Setup.peers` upward.
    public var servers: Int
    /// Whether peers wait for each other in every step, so that all must end after the same one. Then a run on threads
    /// is the same to the bit as one in the simulator, unless the algorithm takes gradients as they come in between
    /// (nettorrent's asynchronous schedule).
    public var isLockStep: Bool
    /// Whether peers make as many steps as their own shares are long: those who do not wait for each other, and those
    /// who do so between rounds alone, in which each goes through its own share. All others make the same number.
    public var isPacedByShares: Bool
    /// Whether every step waits for the peers from whom the graph lets this one hear in it: nobody then gets further
    /// ahead of them than by the round under way.
    public var keepsStepWithNeighbours: Bool
    /// Whether it has a momentum of its own and takes plain gradient steps, so that an optimizer with one is refused.
    public var bringsMomentum: Bool
    /// Whether it reads the gradient itself or puts another in its place, be it to average it: then it must be known
    /// before the optimizer steps. All others name `.gradient` for `update` and `direction` alone, and take the step as
    /// it was made, whoever has made it.
    public var readsGradient: Bool
    /// Whether the first that it does of a gradient is the step: it then neither reads nor changes a model before, in
    /// the event that brings the gradient. An optimizer elsewhere may step in its only copy of the model.
    public var stepsFirst: Bool
    /// Whether it has models scored, so that samples must be set apart for validation.
    public var needsScores: Bool
    /// Whether a model's score is its loss below nothing, also where there is an accuracy: for what tells models apart
    /// that differ by little.
    public var scoresByLoss = false
    /// What it makes of the topology: keys of what it does not use are refused.
    public var graphUse: GraphUse
    /// How it divides the network among the peers; nil where each has the whole of it.
    public var division: Division?
    /// Whether neighbours send each other products with factors of their edge in the place of vectors.
    public var sendsProducts: Bool
    /// What its links may do to the vectors that it sends.
    public var compression: CompressionUse
    /// Whether it needs no list of all peers: who is there are those with whom it has a link just now, and it has a way
    /// to come in, and to leave.
    public var isOpen: Bool

    /// The defaults are those of a peer that goes its own way and uses no graph. Faults of messages are added to what
    /// is tolerated, and whoever is not in lock step is paced by its share.
    public init(
        faultTolerance: FaultTolerance = [], needs: [MixingProperty] = [], servers: Int = 0, isLockStep: Bool = false,
        isPacedByShares: Bool = false, keepsStepWithNeighbours: Bool = false, bringsMomentum: Bool = false,
        readsGradient: Bool = false, needsScores: Bool = false, graphUse: GraphUse = .none, division: Division? = nil,
        sendsProducts: Bool = false, compression: CompressionUse = .none, isOpen: Bool = false,
        stepsFirst: Bool = false
    ) {
        self.faultTolerance = faultTolerance.union(.messages)
        self.needs = needs
        self.servers = servers
        self.isLockStep = isLockStep
        self.isPacedByShares = !isLockStep || isPacedByShares
        self.keepsStepWithNeighbours = keepsStepWithNeighbours
        self.bringsMomentum = bringsMomentum
        self.readsGradient = readsGradient
        self.stepsFirst = stepsFirst
        self.needsScores = needsScores
        self.graphUse = graphUse
        self.division = division
        self.sendsProducts = sendsProducts
        self.compression = compression
        self.isOpen = isOpen
    }
}
