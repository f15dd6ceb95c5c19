/// How the harness's network treats frames.
public struct HarnessNetwork: Sendable, Hashable {
    /// Seconds that every frame takes.
    public var latencySeconds: Double
    /// Up to so many seconds more, uniformly: enough of it and frames overtake each other.
    public var jitterSeconds: Double
    /// Chance that a frame vanishes.
    public var loss: Double
    /// Chance that a frame arrives twice.
    public var duplication: Double

    public init(
        latencySeconds: Double = 0.001, jitterSeconds: Double = 0, loss: Double = 0,
        duplication: Double = 0
    ) {
        self.latencySeconds = latencySeconds
        self.jitterSeconds = jitterSeconds
        self.loss = loss
        self.duplication = duplication
    }

    /// How long a sender waits for an acknowledgement; nil where nothing is lost.
    var retransmissionSeconds: Double? {
        loss > 0 ? 4 * (latencySeconds + jitterSeconds) : nil
    }
}
