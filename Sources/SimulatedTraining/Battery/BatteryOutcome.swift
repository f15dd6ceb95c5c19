import Conditions
import Gossip
public import Simulator
import Training

/// What came of one case.
public struct BatteryOutcome: Sendable {
    /// What is wrong; empty where nothing is.
    public let complaints: [BatteryComplaint]
    public let statistics: SimulationStatistics
    public let virtualSeconds: Double
    /// Learners and servers.
    public let peers: Int
}
