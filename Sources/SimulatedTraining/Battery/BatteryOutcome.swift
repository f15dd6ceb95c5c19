import Conditions
import Gossip
import Runs
public import Simulator

/// What came of one case.
public struct BatteryOutcome: Sendable {
    /// What is wrong; empty where nothing is.
    public let complaints: [BatteryComplaint]
    /// What the simulator saw in the case's run.
    public let statistics: SimulationStatistics
    /// Seconds of virtual time that the run took.
    public let virtualSeconds: Double
    /// Learners and servers.
    public let peers: Int
}
