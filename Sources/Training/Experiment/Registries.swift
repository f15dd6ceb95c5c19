public import Configuration

/// What can be chosen by name in an experiment: the lists that the other rooms keep.
///
/// Passed in as a value, so that reading an experiment is the same function of its input everywhere.
public struct Registries: Sendable {
    public var algorithms: [Description]
    public var topologies: [Description]
    public var models: [Description]
    public var datasets: [Description]
    public var partitions: [Description]
    public var optimizers: [Description]
    public var schedules: [Description]
    public var transports: [Description]

    public init(
        algorithms: [Description], topologies: [Description], models: [Description], datasets: [Description],
        partitions: [Description], optimizers: [Description], schedules: [Description],
        transports: [Description] = Registries.transports
    ) {
        self.algorithms = algorithms
        self.topologies = topologies
        self.models = models
        self.datasets = datasets
        self.partitions = partitions
        self.optimizers = optimizers
        self.schedules = schedules
        self.transports = transports
    }

    /// The ways in which the peers of a run can be connected.
    public static let transports = [
        Description(name: "threads", summary: "every peer on threads of its own in one process")
    ]
}
