/// What an optimizer remembers from one step to the next, under the names of checkpoints.
public struct OptimizerState: Sendable, Hashable {
    /// Each as long as the model.
    public var vectors: [String: [Float]] = [:]
    /// Counts and the like.
    public var words: [String: UInt64] = [:]
}
