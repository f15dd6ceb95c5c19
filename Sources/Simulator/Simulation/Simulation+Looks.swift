public import Gossip
public import Graphs
public import Runtime
public import Vectors

/// What peers look like from outside.
extension Simulation {
    /// How many peers were added, servers among them, dead ones too.
    public var peerCount: Int { peers.count }

    /// The values of one of a peer's vectors.
    public func values(of vector: Vector, peer: PeerID) -> [Float] { peers[peer.rawValue].node.values(of: vector) }

    /// What is tested and saved of a peer, as it is now.
    public func evaluated(_ peer: PeerID) -> [Float] { peers[peer.rawValue].node.evaluatedSnapshot().array() }

    /// A peer's algorithm as its last event left it.
    public func algorithm(of peer: PeerID) -> any Algorithm { peers[peer.rawValue].node.algorithm }
    /// What a peer has done so far.
    public func statistics(of peer: PeerID) -> NodeStatistics { peers[peer.rawValue].node.statistics }
    /// Whether the peer's algorithm asks for no more gradients.
    public func isFinished(_ peer: PeerID) -> Bool { peers[peer.rawValue].node.isFinished }
    /// The time that the peer's gradients and passes took.
    public func computingTime(of peer: PeerID) -> Time { peers[peer.rawValue].computingTime }
    /// Seconds that the peer waited for messages, by their sender; none where `countsWaits` is false.
    public func waits(of peer: PeerID) -> [PeerID: Double] { peers[peer.rawValue].waits }
    /// What the batches of the peer came to since the last time that somebody asked: mean loss and share of correct
    /// answers; nil where it has had none.
    public func takeLosses(of peer: PeerID) -> (loss: Double, accuracy: Double)? {
        peers[peer.rawValue].lossTally.take()
    }
    /// The learning rate of the peer's last step.
    public func learningRate(of peer: PeerID) -> Float { peers[peer.rawValue].node.learningRate }
    /// What the peer computed of passes, and when, since the last time that somebody asked.
    public func takePassSpans(of peer: PeerID) -> [PassSpan] { peers[peer.rawValue].timeline?.take() ?? [] }
    /// When the peer made its last step.
    public func lastStepAt(of peer: PeerID) -> Time { peers[peer.rawValue].lastStepAt }
    /// What is tested and saved of a peer as it is now, shared where the algorithm tests its model itself.
    public func snapshot(of peer: PeerID) -> Payload { peers[peer.rawValue].node.evaluatedSnapshot() }
    /// Whether the peer is there: has joined, has not left, and is not down after a crash.
    public func isAlive(_ peer: PeerID) -> Bool { peers[peer.rawValue].isAlive }
    /// Whether the peer has begun: on an open network only the founder does so before it has a link.
    public func hasBegun(_ peer: PeerID) -> Bool { openNetwork?.begun.contains(peer) ?? true }
    /// Why the peer's algorithm could not go on, where it could not.
    public func abandonment(of peer: PeerID) -> String? { peers[peer.rawValue].node.abandonment }
    /// Payloads that the peer holds between two events: those that its algorithm keeps, and parts of an average that
    /// wait.
    public func heldPayloadCount(of peer: PeerID) -> Int { peers[peer.rawValue].node.heldPayloadCount }

    /// Messages that living peers have sent and not heard of.
    public var undeliveredCount: Int {
        peers.filter(\.isAlive).reduce(0) { $0 + $1.node.session.unacknowledgedCount }
    }

    /// Mass that died with crashed peers, less what came back.
    public var lostMass: Double { ledger.lost }
    /// Mass that is there twice because peers came back from a checkpoint, or a sender got back what a dead peer used;
    /// on an open network, because a doubt ran out on what had been handled.
    public var madeMass: Double { ledger.made }
    /// Mass that nobody has handled, nor got back.
    public var massInFlight: Double { ledger.inFlight }
}
