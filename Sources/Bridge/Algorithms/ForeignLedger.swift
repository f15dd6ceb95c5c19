/// What an algorithm from outside has under way, so that it can be told what no node could carry out.
struct ForeignLedger: Sendable, Codable {
    /// The numbers of the payloads that are kept.
    var kept: Set<UInt64> = []
    /// Whether a gradient is being computed, so that nobody may name it.
    var isComputing = false
    /// Whether an average is being taken.
    var isAveraging = false
    /// Whether it has said that it asks for no more gradients.
    var hasFinished = false
}
