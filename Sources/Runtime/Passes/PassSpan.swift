public import Gossip

/// A stretch of time in which a peer computed on a pass: from its beginning, or from the coming of what it waited for,
/// to its next stop.
public struct PassSpan: Sendable, Hashable, Codable {
    /// Which pass.
    public let pass: Pass
    /// Whether it had come back already from the stage behind.
    public let isBackward: Bool
    /// Seconds of training.
    public let begin: Double
    /// Seconds of training.
    public let end: Double
    /// Steps that the peer had made.
    public let step: UInt64
}
