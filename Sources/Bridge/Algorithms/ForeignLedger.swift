import Gossip

/// What an algorithm from outside has under way, so that it can be told what no node could carry out.
struct ForeignLedger: Sendable, Codable {
    /// The payloads that are kept.
    var kept: Set<PayloadID> = []
    /// Whether a gradient is being computed, so that nobody may name it.
    var isComputing = false
    /// Whether an average is being taken.
    var isAveraging = false
    /// Whether it has said that it asks for no more gradients.
    var hasFinished = false
}
