import Configuration
public import Datasets
import Foundation
import Gossip
public import Models
import Optimizers
import Randomness
import Vectors

/// An experiment made ready: data read, shares dealt, model checked, everything that can be refused refused. A run
/// begins only from here, so that a mistake costs no earlier result.
public struct TrainingPlan: Sendable {
    public let experiment: Experiment
    public let dataset: Dataset
    public let network: Network
    /// Gradient steps of each peer.
    public let steps: UInt64
    /// Steps of a peer in one pass of all peers over the training set.
    public let stepsPerEpoch: Double
    let shares: [[Int]]
    let graph: Graph

    /// Throws `ExperimentError` for settings that do not go together with each other or with the data, and `DataError`
    /// for data that is missing or malformed.
    public init(_ loaded: LoadedExperiment, places: DataPlaces) throws {
        do {
            try self.init(loaded.experiment, places: places)
        } catch let error as ConfigurationError {
            throw loaded.located(error)
        }
    }

    private init(_ experiment: Experiment, places: DataPlaces) throws {
        let dataset = try Self.load(experiment, places)
        let seed = UInt64(experiment.seed)
        self.experiment = experiment
        self.dataset = dataset
        network = try Self.network(of: experiment, for: dataset)
        let partition = try section("partition") { () throws(ConfigurationError) in
            try Partition.make(experiment.partition.name, experiment.partition.options)
        }
        shares = try partition.shares(labels: dataset.train.labels, peers: experiment.peers, seed: seed)
        graph = try section("topology") { () throws(ConfigurationError) in
            try Graph(
                experiment.topology.name, peers: experiment.peers, seed: seed, options: experiment.topology.options)
        }
        let together = Double(experiment.peers * experiment.batch)
        stepsPerEpoch = Double(dataset.train.count) / together
        let wanted = (experiment.epochs * Double(dataset.train.count) / together).rounded(.up)
        steps = experiment.steps.map { UInt64($0) } ?? UInt64(max(wanted, 1))
        // What each peer's own parts refuse is refused for all of them now.
        for peer in 0..<experiment.peers {
            _ = try sampler(peer)
            _ = try algorithm(peer)
        }
        _ = try stepper()
    }

    static func load(_ experiment: Experiment, _ places: DataPlaces) throws -> Dataset {
        let data = experiment.data
        do {
            return try DataSources.load(
                DataRequest(
                    name: data.name, options: data.source.options, path: data.path, trainSamples: data.trainSamples,
                    validationSamples: data.validationSamples, testSamples: data.testSamples,
                    normalize: data.normalize, seed: UInt64(experiment.seed)), places: places)
        } catch let error as ConfigurationError {
            throw error.within("data")
        }
    }

    static func network(of experiment: Experiment, for dataset: Dataset) throws(ConfigurationError) -> Network {
        let shape = dataset.shape
        return try section("model") { () throws(ConfigurationError) in
            try ModelRegistry.network(
                experiment.model.name, options: experiment.model.options,
                inputShape: [shape.channels, shape.height, shape.width], classes: dataset.classes.count)
        }
    }

    func sampler(_ peer: Int) throws(ConfigurationError) -> Sampler {
        try Sampler(
            dataset.train, share: shares[peer], normalization: dataset.normalization, batch: experiment.batch,
            lastBatch: experiment.data.lastBatch, seed: UInt64(experiment.seed), peer: peer)
    }

    func algorithm(_ peer: Int) throws(ConfigurationError) -> any Algorithm {
        let batches = Double(shares[peer].count) / Double(experiment.batch)
        let stepsPerEpoch = Int(batches.rounded(experiment.data.lastBatch == .keep ? .up : .down))
        let setup = Setup(
            me: PeerID(peer), peers: experiment.peers, seed: UInt64(experiment.seed), graph: graph,
            samples: shares[peer].count, stepsPerEpoch: stepsPerEpoch, steps: steps)
        return try section("algorithm") { () throws(ConfigurationError) in
            try Algorithms.make(experiment.algorithm.name, setup, options: experiment.algorithm.options)
        }
    }

    func stepper() throws(ConfigurationError) -> OptimizerStepper {
        let optimizer = try section("optimizer") { () throws(ConfigurationError) in
            try Optimizers.make(experiment.optimizer.name, experiment.optimizer.options, count: network.layout.count)
        }
        let schedule = try section("schedule") { () throws(ConfigurationError) in
            try Schedules.make(experiment.schedule.name, experiment.schedule.options)
        }
        return OptimizerStepper(optimizer, schedule: schedule, stepsPerEpoch: stepsPerEpoch, steps: steps)
    }

    func learner(_ peer: Int) throws -> NetworkLearner {
        try NetworkLearner(
            network, sampler: sampler(peer), threads: experiment.threadsPerPeer,
            weightDecay: Optimizers.weightDecay(experiment.optimizer.options),
            dropout: RandomStream(seed: UInt64(experiment.seed), purpose: .dropout, peer: peer))
    }
}

/// Adds the section's name to the key of a complaint.
private func section<Result: ~Copyable>(
    _ name: String, _ body: () throws(ConfigurationError) -> Result
) throws(ConfigurationError) -> Result {
    do {
        return try body()
    } catch {
        throw error.within(name)
    }
}
