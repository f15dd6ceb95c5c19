public import Configuration

/// A transport as the list of all of them knows it: the one value that makes it known to experiment files, lists, the
/// schema, the launch of runs, the benchmark and the doctor.
public struct TransportEntry: Sendable {
    /// Its name in experiment files, and the options that only it has.
    public let description: Description
    /// How processes come together over it; nil where all peers live in one.
    public let processes: (any ProcessTransport)?

    /// Without processes all peers live in one.
    public init(_ description: Description, processes: (any ProcessTransport)? = nil) {
        self.description = description
        self.processes = processes
    }
}
