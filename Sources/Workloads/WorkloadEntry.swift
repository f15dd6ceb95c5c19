package import Datasets
package import Experiments

/// A kind of workload, as the list of them knows it: the one value that makes it known to experiment files and runs.
package struct WorkloadEntry: Sendable {
    /// What experiment files know of it.
    package let kind: WorkloadKind
    /// Makes the workload: for the peers of this process, nil for all, and for one that tests models or does not.
    /// Throws `ConfigurationError` for settings that do not go together, `DataError` for data that cannot be read.
    package let make: @Sendable (Experiment, DataPlaces, _ peers: Range<Int>?, _ tests: Bool) throws -> any Workload

    package init(
        _ kind: WorkloadKind,
        make: @escaping @Sendable (Experiment, DataPlaces, _ peers: Range<Int>?, _ tests: Bool) throws -> any Workload
    ) {
        self.kind = kind
        self.make = make
    }
}
