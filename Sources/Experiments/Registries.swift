public import Compression
public import Configuration
import Datasets
import Gossip
import Graphs
import Models
import Optimizers
public import Runtime
public import Transports

/// What can be chosen by name in an experiment: the lists that the other modules keep.
///
/// Passed in as a value, so that reading an experiment is the same function of its input everywhere.
public struct Registries: Sendable {
    /// How learners learn from each other, with other names for some of them.
    public var algorithms: [Description]
    /// How vectors become fewer bytes on their way.
    public var compressors: [Description]
    /// The graphs of who may talk to whom.
    public var topologies: [Description]
    /// Networks, and objectives that need no data.
    public var models: [Description]
    /// Where samples come from.
    public var datasets: [Description]
    /// How training samples are dealt out to the learners.
    public var partitions: [Description]
    /// How gradients become steps.
    public var optimizers: [Description]
    /// How learning rates change with the steps.
    public var schedules: [Description]
    /// What carries the messages between peers.
    public var transports: [Description]
    /// What the modules find wrong beyond the kinds of the options: values that do not go together.
    public var check: @Sendable (Experiment) throws(ConfigurationError) -> Void

    /// Lists of one's own, for a build or a test that knows other parts; without `check` whatever is of the right kind
    /// is accepted.
    public init(
        algorithms: [Description], compressors: [Description] = Compressors.all, topologies: [Description],
        models: [Description], datasets: [Description],
        partitions: [Description], optimizers: [Description], schedules: [Description],
        transports: [Description] = Transports.all.map(\.description),
        check: @escaping @Sendable (Experiment) throws(ConfigurationError) -> Void = { _ throws(ConfigurationError) in }
    ) {
        self.algorithms = algorithms
        self.compressors = compressors
        self.topologies = topologies
        self.models = models
        self.datasets = datasets
        self.partitions = partitions
        self.optimizers = optimizers
        self.schedules = schedules
        self.transports = transports
        self.check = check
    }
}

extension Registries {
    /// What this build has.
    public static let all = Registries(
        algorithms: Algorithms.all + Algorithms.aliases, topologies: Topologies.all,
        models: WorkloadKind.all.flatMap(\.models),
        datasets: DataSources.all, partitions: Partition.all, optimizers: Optimizers.all, schedules: Schedules.all,
        check: checkWithModules)

    /// Lets every module whose parts need nothing but their options try to make them.
    private static func checkWithModules(_ experiment: Experiment) throws(ConfigurationError) {
        let (optimizer, schedule, topology) = (experiment.optimizer, experiment.schedule, experiment.topology)
        try inSection("compression") { () throws(ConfigurationError) in
            _ = try Compressors.make(experiment.compression.name, experiment.compression.options)
        }
        try inSection("optimizer") { () throws(ConfigurationError) in
            _ = try Optimizers.learningRate(of: optimizer.name, optimizer.options)
        }
        try experiment.workloadKind.check(experiment)
        try inSection("schedule") { () throws(ConfigurationError) in
            _ = try Schedules.make(schedule.name, schedule.options, samplesPerStep: experiment.samplesPerStep)
        }
        try inSection("topology") { () throws(ConfigurationError) in
            _ = try Graph(
                topology.name, peers: experiment.peers, seed: UInt64(experiment.seed), options: topology.options)
        }
    }
}
