public import Configuration

/// A transport as the list of all of them knows it: the one value that makes it known to experiment files, lists, the
/// schema, the launch of runs, the benchmark and the doctor.
public struct TransportEntry: Sendable {
    /// Its name in experiment files, and the options that only it has.
    public let description: Description
    /// How processes come together over it; nil where all peers live in one, or each comes by itself.
    public let processes: (any ProcessTransport)?
    /// How a peer gets into an open network by it, alone in its process; nil where all peers of a run are known.
    public let links: (any LinkTransport)?

    /// Without processes or links all peers live in one process.
    public init(
        _ description: Description, processes: (any ProcessTransport)? = nil, links: (any LinkTransport)? = nil
    ) {
        self.description = description
        self.processes = processes
        self.links = links
    }
}
