/// What an algorithm makes of links that compress.
public enum CompressionUse: Sendable, Hashable {
    /// Nothing: what comes must be what was sent, since it holds mass, is summed up to the last number, or is no model.
    case none
    /// It takes what is nearly what was sent, each message by itself.
    case alone
    /// It mixes what peers know of each other (`Vector.told`), so that what a message leaves out comes with later ones
    /// and the mean of all models stays what it is.
    case replicas
    /// The same, and it is made for nothing else: messages by themselves are refused.
    case replicasOnly
}
