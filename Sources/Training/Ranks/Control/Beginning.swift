import Gossip
import Runs
import Runtime

/// How a worker begins: where a saved run stood, or at zero.
struct Beginning: Codable, Sendable {
    var now = Time.zero
    var trainingNanoseconds: Int64 = 0
    /// The steps behind it.
    var step: UInt64 = 0
    /// After how long the saved run sent messages again; nil where it lost none.
    var retransmissionSeconds: Double?
    /// Whether the run is saved as often as its experiment says.
    var isSaving = false
    /// Whether reports tell what every peer did when.
    var isTracing = false
}
