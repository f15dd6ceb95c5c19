import Configuration
import Datasets

/// A kind of workload, as the list of them knows it: the one value that makes it known to experiment files and runs.
struct WorkloadEntry: Sendable {
    /// The models that its peers learn; each belongs to one workload.
    let models: [Description]
    /// Whether they learn it from the data set of the experiment.
    let readsData: Bool
    /// Fills in what follows from the model where the user has not set it; `isSet` tells whether the user has set the
    /// key of that path.
    var adopt: @Sendable (_ experiment: inout Experiment, _ isSet: (String) -> Bool) -> Void = { _, _ in }
    /// Refuses settings that do not go together, before anything is read.
    var check: @Sendable (Experiment) throws(ConfigurationError) -> Void = { _ throws(ConfigurationError) in }
    /// Makes the workload: for the peers of this process, nil for all, and for one that tests models or does not.
    /// Throws `ConfigurationError` for settings that do not go together, `DataError` for data that cannot be read.
    let make: @Sendable (Experiment, DataPlaces, _ peers: Range<Int>?, _ tests: Bool) throws -> any Workload
}
