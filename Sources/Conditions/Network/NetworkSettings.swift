/// The network between simulated peers, as an experiment describes it.
public struct NetworkSettings: Sendable, Hashable {
    /// How long a frame is under way, its waiting for the link apart.
    public var latency: Latency
    /// What each link carries, in bits a second; nil without a limit.
    public var bitsPerSecond: Double?
    /// The chance that a frame vanishes, faults apart.
    public var loss: Double
    /// Seconds from a peer's crash until the others are told of it.
    public var detectionSeconds: Double

    /// The loss must be a share of 0 to 1, and the time of detection no less than 0 seconds.
    public init(
        latency: Latency = .constant(0.001), bitsPerSecond: Double? = nil, loss: Double = 0,
        detectionSeconds: Double = 0.1
    ) {
        precondition((0...1).contains(loss), "\(loss) is not a share of frames")
        precondition(
            detectionSeconds >= 0 && detectionSeconds.isFinite, "no crash is known \(detectionSeconds) s after")
        self.latency = latency
        self.bitsPerSecond = bitsPerSecond
        self.loss = loss
        self.detectionSeconds = detectionSeconds
    }

    /// The links of this network, all idle.
    public var links: Links { Links(bitsPerSecond: bitsPerSecond) }
}
