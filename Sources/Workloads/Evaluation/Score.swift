/// How well a model does on a set of samples.
public struct Score: Sendable, Hashable {
    /// Nil where nothing is classified.
    public let accuracy: Double?
    /// Mean over the samples.
    public let loss: Double

    package init(accuracy: Double?, loss: Double) {
        self.accuracy = accuracy
        self.loss = loss
    }
}
