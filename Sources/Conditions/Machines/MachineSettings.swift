/// The machines of simulated peers, as an experiment describes them.
public struct MachineSettings: Sendable, Hashable {
    /// How long each peer takes for a gradient.
    public var compute: ComputeTime
    /// Seconds between two checkpoints of a peer, from the last of which it restarts after a crash.
    public var checkpointSeconds: Double

    /// Without arguments 10 ms a gradient, give or take 1 ms, and a checkpoint a second, which must be above 0.
    public init(
        compute: ComputeTime = ComputeTime(.normal(meanSeconds: 0.01, spread: 0.1)), checkpointSeconds: Double = 1
    ) {
        precondition(
            checkpointSeconds > 0 && checkpointSeconds.isFinite, "no checkpoints every \(checkpointSeconds) s")
        self.compute = compute
        self.checkpointSeconds = checkpointSeconds
    }
}
