import Configuration
public import Datasets
public import Experiments

/// What a run would start from: `murmur initialise` without its command line.
public enum RunStart {
    /// Writes the model that a peer of the run starts from, whole or not at all.
    ///
    /// Throws `ExperimentError` for a peer that there is not and for settings that do not go together, `DataError` for
    /// data whose shape cannot be found, `SafetensorsError` for bad weights, `OutputError` when the file cannot be
    /// written.
    public static func write(_ loaded: LoadedExperiment, peer: Int, places: DataPlaces, to path: String) throws {
        let experiment = loaded.experiment
        do {
            guard (0..<experiment.peers).contains(peer) else {
                throw ConfigurationError(
                    key: "peers", "there is no peer \(peer); the peers are 0 to \(experiment.peers - 1)")
            }
            // For nobody's gradients and without tests, so that no pixel is read.
            let workload = try experiment.workload.make(experiment, places, 0..<0, false)
            try ModelFile.write(startOf: peer, workload, experiment, to: path)
        } catch let error as ConfigurationError {
            throw loaded.located(error)
        }
    }
}
