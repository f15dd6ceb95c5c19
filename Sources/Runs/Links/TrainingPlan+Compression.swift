import Compression
import Configuration
import Experiments
import Gossip
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
        guard !compressor.isIdentity else { return nil }
        let name = experiment.algorithm.name
        let use = Algorithms.traits(name, options: experiment.algorithm.options).compression
        let hasFeedback = experiment.errorFeedback ?? (use != .alone)
        try check(use, of: name, compressor, hasFeedback: hasFeedback)
        if use != .alone {
            try refuseJudgement(of: experiment.algorithm)
            try inSection("topology") { () throws(ConfigurationError) in
                try MixingMatrix(graph).require(.symmetric, by: "compression")
            }
        }
        let links = LinkSettings(
            compressor, layout: CompressionLayout(workload.layout), hasFeedback: hasFeedback,
            keepsReplicas: use != .alone, hasCommonStart: experiment.hasOneStart, seed: UInt64(experiment.seed))
        return (links, use == .alone ? nil : experiment.compressionRate ?? compressor.consensusRate)
    }

    /// Neighbours are judged by the models that they send, and what comes of a difference is none until later ones.
    private static func refuseJudgement(of algorithm: Experiment.Choice) throws(ConfigurationError) {
        if let key = Algorithms.judgement(algorithm.options) {
            throw ConfigurationError(
                key: "compression.name",
                "algorithm.\(key) judges neighbours by the models that they send, and compressed ones come late and in "
                    + "pieces; set compression.name=none, or leave algorithm.\(key) out")
        }
    }

    private static func check(
        _ use: CompressionUse, of name: String, _ compressor: Compressor, hasFeedback: Bool
    ) throws(ConfigurationError) {
        let bearers = Algorithms.all.map(\.name).filter { Algorithms.traits($0).compression != .none }
        switch use {
        case .none:
            throw ConfigurationError(
                key: "compression.name",
                "\(name) needs every number that is sent as it is; set compression.name=none, or choose an algorithm "
                    + "that bears compressed messages: " + bearers.joined(separator: ", "))
        case .alone where hasFeedback:
            throw ConfigurationError(
                key: "compression.error_feedback",
                "\(name) does not say the same to the same peers in every round, so that nobody can keep a replica; "
                    + "leave it out, or choose an algorithm that mixes over the graph, such as dpsgd")
        case .replicasOnly where !hasFeedback:
            throw ConfigurationError(
                key: "compression.error_feedback", "\(name) is gossip of differences from replicas; leave it true")
        case .alone, .replicas, .replicasOnly: break
        }
        guard !hasFeedback, !compressor.isFaithful else { return }
        let remedy =
            use == .alone
            ? "choose a compressor that keeps all of them, such as int8"
            : "set compression.error_feedback=true, which brings later what a message leaves out"
        throw ConfigurationError(
            key: "compression.name",
            "\(compressor.name) keeps a part of what a vector says, and a model of which the rest is missing is none; "
                + remedy)
    }
}

extension Experiment {
    /// Whether all peers begin with the very same numbers.
    fileprivate var hasOneStart: Bool {
        commonStart && model.options.values["start"].map { $0 == .null } ?? true
    }
}
