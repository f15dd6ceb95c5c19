/// What an executable is for.
public enum Mode: Sendable, Hashable {
    /// Loss and gradient, with dropout.
    case training
    /// Loss and gradient, dropout as the identity: for comparing gradients.
    case trainingWithoutDropout
    /// The statistics of a batch on its way through the network, without dropout.
    case statistics
    /// Loss and logits, batch-norms by given statistics.
    case inference

    var hasBackward: Bool { self == .training || self == .trainingWithoutDropout }
    /// Whether batch-norms normalise by the mean and variance of the batch.
    var normalizesByBatch: Bool { self != .inference }
}
