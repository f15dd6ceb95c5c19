import Gossip

/// What a node knows of its passes, which are its learner's.
struct PassesUnderWay: Sendable, Codable {
    /// Those that have begun, and neither ended nor been dropped, in the order in which they began.
    var underWay: [Pass] = []
    /// The one of them that is being computed.
    var computing: Pass?
}
