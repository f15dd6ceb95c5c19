/// The machines of simulated peers, as an experiment describes them.
public struct MachineSettings: Sendable, Hashable {
    public var compute: ComputeTime
    /// Seconds between two checkpoints of a peer, from the last of which it restarts after a crash.
    public var checkpointSeconds: Double

    public init(
        compute: ComputeTime = ComputeTime(.normal(meanSeconds: 0.01, spread: 0.1)), checkpointSeconds: Double = 1
    ) {
        precondition(
            checkpointSeconds > 0 && checkpointSeconds.isFinite, "no checkpoints every \(checkpointSeconds) s")
        self.compute = compute
        self.checkpointSeconds = checkpointSeconds
    }
}
