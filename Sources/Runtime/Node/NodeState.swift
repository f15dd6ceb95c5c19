public import Gossip
import Vectors

/// A node at rest, between two events: everything but its numbers, which lie beside it.
public struct NodeState: Sendable, Codable {
    var algorithm: SavedAlgorithm
    /// The average under way, and the vector of the last one.
    var averaging: RingAverage
    var averaged: Vector
    var statistics: NodeStatistics
    /// Whether the algorithm asks for no more gradients.
    public internal(set) var isFinished: Bool
    var abandonment: String?
    var session: Session.State
    /// The payloads received and kept, by their numbers on the shelf.
    var received: [UInt64: Int]
    var payloadsReceived: UInt64
    /// The number of the last message sent.
    var lastMessage: UInt64
    var retransmissionAt: Time?
    /// Whether a gradient was asked for and not yet answered: the vector is then with the environment.
    public internal(set) var isGradientAway: Bool
    /// The passes that wait for others, and the one that was asked for; nil where the node has begun none.
    var passes: PassesUnderWay?
    /// What links that compress remember; nil where there are none.
    var links: CompressedLinks.State?

    /// The edges over which products with factors go, by the peers at their other ends; nil where there are none.
    var edges: [Int: SavedEdge]?

    /// The pass that was asked for and not yet answered.
    public var computedPass: Pass? { passes?.computing }

    /// Whether a gradient or a pass was asked for and not yet answered.
    public var isComputing: Bool { isGradientAway || computedPass != nil }

    /// Gradient steps made.
    public var steps: UInt64 { statistics.steps }
}
