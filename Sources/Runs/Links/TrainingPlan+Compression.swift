import Compression
import Configuration
import Experiments
import Graphs
import Runtime
import Workloads

extension TrainingPlan {
    /// How the links of an experiment compress, and how far mixing goes over them; nil where they do not. Throws where
    /// the algorithm does not bear it.
    static func compression(
        _ experiment: Experiment, _ workload: any Workload, _ graph: Graph
    ) throws(ConfigurationError) -> (links: LinkSettings, rate: Double?)? {
        let compressor = try inSection("compression") { () throws(ConfigurationError) in
            try Compressors.make(experiment.compression.name, experiment.compression.options)
        }
        return try LinkSettings.chosen(
            compressor, algorithm: (experiment.algorithm.name, experiment.algorithm.options), graph: graph,
            hasFeedback: experiment.errorFeedback, rate: experiment.compressionRate,
            layout: CompressionLayout(workload.layout), hasCommonStart: experiment.hasOneStart,
            seed: UInt64(experiment.seed))
    }
}

extension Experiment {
    /// Whether all peers begin with the very same numbers.
    fileprivate var hasOneStart: Bool {
        commonStart && model.options.values["start"].map { $0 == .null } ?? true
    }
}
