import Gossip

/// One thing that a peer of a trial does.
enum ExchangeStep: Sendable, Codable, Hashable {
    case say(to: Int, Trial.Load, Metadata)
    /// Wait for the next message of that sender, which brings that part of a vector, or none.
    case hear(from: Int, Part?)
    /// Have the vector looked at.
    case show
}
