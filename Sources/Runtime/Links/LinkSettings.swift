public import Compression

/// How the links of a run compress what goes over them: the same for all its peers.
public struct LinkSettings: Sendable {
    /// What makes few bytes of a vector.
    public let compressor: Compressor
    /// Which tensor lies where in a model.
    public let layout: CompressionLayout
    /// Whether a message holds what the vector has more than the replica that both ends have of it.
    public let hasFeedback: Bool
    /// Whether the algorithm mixes what peers know of each other, so that both ends keep it.
    public let keepsReplicas: Bool
    /// Whether all peers begin with one model, which is then the first replica of each.
    public let hasCommonStart: Bool
    /// The run's seed, of which the draws of the compressor are made.
    public let seed: UInt64

    /// Feedback needs replicas.
    public init(
        _ compressor: Compressor, layout: CompressionLayout, hasFeedback: Bool, keepsReplicas: Bool,
        hasCommonStart: Bool, seed: UInt64
    ) {
        precondition(keepsReplicas || !hasFeedback, "error feedback without replicas")
        self.compressor = compressor
        self.layout = layout
        self.hasFeedback = hasFeedback
        self.keepsReplicas = keepsReplicas
        self.hasCommonStart = hasCommonStart
        self.seed = seed
    }
}
