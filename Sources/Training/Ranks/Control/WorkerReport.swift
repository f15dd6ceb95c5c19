import Gossip
import Runs
import Runtime

/// How things stand with a worker.
struct WorkerReport: Codable, Sendable {
    /// Of the worker's peers in their order.
    var peers: [PeerReport]
    var traffic: Traffic.Count
    /// The step after which the peers come to rest; nil where they go on.
    var cut: UInt64?
    /// The signal by which the end of the run was asked for here.
    var stopSignal: Int32?
    /// What was lost with peers that died.
    var lostMass: Double
    var peakMemoryBytes: Int
    /// Messages that vanished by faults.
    var droppedCount = 0
    /// What the peers did since the last report, as lines of a trace; empty where there is none.
    var trace = ""
}
