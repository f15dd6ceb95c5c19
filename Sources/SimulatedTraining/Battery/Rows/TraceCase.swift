package import Configuration

/// The small run of an algorithm that its script in `Traces/` shows.
package struct TraceCase: Sendable {
    package var topology: String
    package var peers: Int
    /// Options of the algorithm.
    package var options: [String: OptionValue]

    init(topology: String = "ring", peers: Int = 3, options: [String: OptionValue] = [:]) {
        self.topology = topology
        self.peers = peers
        self.options = options
    }
}
