import Configuration

extension LoadedExperiment {
    /// Throws when the experiment asks for what only the simulator does in this build.
    public func refuseOnThreads() throws(ExperimentError) {
        if !experiment.simulation.faults.isEmpty {
            throw located(
                ConfigurationError(
                    key: "simulation.faults", "faults on threads are not in this build; the list must be empty here"))
        }
        if !experiment.stragglers.isEmpty {
            throw located(
                ConfigurationError(
                    key: "stragglers", "slower peers on threads are not in this build; the table must be empty here"))
        }
    }
}
