import Configuration

extension LoadedExperiment {
    /// Throws when the experiment asks for what only the simulator does in this build.
    public func refuseOnThreads() throws(ExperimentError) {
        do throws(ConfigurationError) {
            _ = try experiment.faultsOnThreads()
        } catch {
            throw located(error)
        }
    }
}
