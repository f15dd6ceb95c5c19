import CDeflate
package import Configuration
package import Datasets
package import Experiments
import Foundation
import Gossip
package import Models
import Optimizers
import Randomness
package import Runtime
package import Vectors

/// A network that learns from a data set, of which every peer has a share.
package struct NetworkWorkload: Workload {
    package let experiment: Experiment
    package let dataset: Dataset
    package let network: Network
    private let start: NetworkStart
    private let shares: [[Int]]
    private let samples: NormalizedSamples
    /// How many threads make the images of batches ahead: none where they are in memory.
    package let dataWorkerCount: Int
    /// What makes the images of batches ahead; nil where they are in memory.
    private let dataWorkers: BatchWorkers?

    /// Reads the data and deals out the shares. Throws `ConfigurationError` for settings that do not go together,
    /// `DataError` for data that is missing or malformed.
    ///
    /// - Parameters:
    ///   - peers: the peers that learn in this process, whose samples alone are read; nil for all. No other peer's
    ///     `learner` is to be used.
    ///   - tests: whether models are tested in this process. Without, samples for tests, validation and statistics are
    ///     not read, and `test` and `statistics` not to be used.
    package init(_ experiment: Experiment, places: DataPlaces, holding peers: Range<Int>? = nil, tests: Bool = true)
        throws
    {
        self.experiment = experiment
        try experiment.precision.requireSupport()
        let unread = try Self.open(experiment, places)
        network = try Self.network(of: experiment, shape: unread.shape, classes: unread.classes.count)
        try MachineNeeds(
            network: network, peers: peers?.count ?? experiment.peers, batch: experiment.batch,
            threadsPerPeer: experiment.threadsPerPeer
        ).check()
        start = try NetworkStart(network, experiment)
        let partition = try inSection("partition") { () throws(ConfigurationError) in
            try Partition.make(experiment.partition.name, experiment.partition.options)
        }
        let shares = try partition.shares(
            labels: unread.train.labels, peers: experiment.peers, batch: experiment.batch,
            seed: UInt64(experiment.seed))
        self.shares = shares
        // Learners of some algorithms score models themselves.
        let algorithm = experiment.algorithm
        let tests = tests || Algorithms.traits(algorithm.name, options: algorithm.options).needsScores
        var wanted = peers.map { peers in Set(shares[peers].joined()) }
        if tests, network.statistics.count > 0 {
            wanted?.formUnion(BatchStatistics.order(of: unread.train.count, seed: UInt64(experiment.seed)))
        }
        dataset = try unread.read(train: wanted, tests: tests, holding: MachineNeeds.mostHeldBytes())
        samples = NormalizedSamples(dataset.train, dataset.normalization)
        let threads = experiment.data.workers ?? min(4, ProcessInfo.processInfo.activeProcessorCount)
        dataWorkerCount = dataset.train.isReadWhenNeeded ? threads : 0
        dataWorkers = dataWorkerCount > 0 ? try BatchWorkers(threads: dataWorkerCount) : nil
        // What one peer's sampler refuses is refused before any peer is made.
        for peer in 0..<experiment.peers { _ = try sampler(of: peer) }
    }

    /// The test samples of an experiment, without pixels for training.
    package static func testSamples(of experiment: Experiment, _ places: DataPlaces) throws -> Dataset {
        try open(experiment, places).read(train: [], holding: MachineNeeds.mostHeldBytes())
    }

    private static func open(_ experiment: Experiment, _ places: DataPlaces) throws -> UnreadDataset {
        let data = experiment.data
        do {
            return try DataSources.open(
                DataRequest(
                    name: data.name, options: data.source.options, path: data.path, trainSamples: data.trainSamples,
                    validationSamples: data.validationSamples, testSamples: data.testSamples,
                    normalize: data.normalize, seed: UInt64(experiment.seed)), places: places)
        } catch let error as ConfigurationError {
            throw error.within("data")
        }
    }

    package static func network(of experiment: Experiment, for dataset: Dataset) throws(ConfigurationError) -> Network {
        try network(of: experiment, shape: dataset.shape, classes: dataset.classes.count)
    }

    private static func network(
        of experiment: Experiment, shape: ImageShape, classes: Int
    ) throws(ConfigurationError) -> Network {
        try inSection("model") { () throws(ConfigurationError) in
            try ModelRegistry.network(
                experiment.model.name, options: experiment.model.options,
                inputShape: [shape.channels, shape.height, shape.width], classes: classes)
        }
    }

    /// The network of an experiment for its data, of which nothing but shape and classes is looked at.
    package static func network(of experiment: Experiment, _ places: DataPlaces) throws -> Network {
        let unread = try open(experiment, places)
        return try network(of: experiment, shape: unread.shape, classes: unread.classes.count)
    }

    /// The statistics that a peer's batch-norms start from.
    package var initialStatistics: [Float] { start.statistics }

    package var layout: VectorLayout { network.layout }
    package var samplesPerEpoch: Int { dataset.train.count }
    package var batch: Int { experiment.batch }
    package var hasAccuracy: Bool { true }
    package var failure: (any Error)? { dataset.train.failure ?? dataset.test.failure ?? dataset.validation.failure }
    package var showsModels: Bool { false }

    /// The count of the training samples, the CRC-32 of their labels, which every rank reads, and that of the weights
    /// that the run starts from, where they are given.
    package var fingerprint: String {
        let labels = dataset.train.labels
        let bytes = labels.flatMap { label in (0..<4).map { UInt8(truncatingIfNeeded: label >> (8 * $0)) } }
        return "\(labels.count) samples, \(libdeflate_crc32(0, bytes, bytes.count).hexadecimal)"
            + (start.fingerprint.map { Self.weightsMark + $0 } ?? "")
    }

    /// What stands before the weights in a fingerprint.
    package static let weightsMark = ", weights "

    package func samples(of peer: Int) -> Int { shares[peer].count }

    package func stepsPerEpoch(of peer: Int) -> Int {
        let batches = Double(shares[peer].count) / Double(experiment.batch)
        return Int(batches.rounded(experiment.data.lastBatch == .keep ? .up : .down))
    }

    package func initialModel(of peer: Int) -> FlatVector {
        start.parameters(of: peer)
    }

    package func learner(of peer: Int, sharing parts: PlanCache) throws -> sending any Learner & ~Copyable {
        try NetworkLearner(
            network, statistics: start.statistics, sampler: sampler(of: peer), threads: experiment.threadsPerPeer,
            precision: experiment.precision,
            shaping: Optimizers.shaping(experiment.optimizer.name, experiment.optimizer.options),
            dropout: RandomStream(seed: experiment.drawSeed, purpose: .dropout, peer: peer), sharing: parts)
    }

    package func test() throws -> any ModelTest { try evaluator(dataset.test) }

    package func validation() throws -> (any ModelTest)? {
        dataset.validation.count > 0 ? try evaluator(dataset.validation) : nil
    }

    package func sampler(of peer: Int) throws(ConfigurationError) -> Sampler {
        let samples =
            try experiment.flipsLabels(of: peer)
            ? NormalizedSamples(dataset.train.labelsFlipped(classes: dataset.classes.count), dataset.normalization)
            : samples
        return try Sampler(
            samples, share: shares[peer], batch: experiment.batch, lastBatch: experiment.data.lastBatch,
            augmentation: experiment.data.augment, seed: experiment.drawSeed, peer: peer, workers: dataWorkers)
    }

    package func statistics(of model: Payload) throws -> [Float] {
        try batchStatistics()?.measure(model) ?? []
    }

    private var threads: Int { ProcessInfo.processInfo.activeProcessorCount }

    private func evaluator(_ samples: ImageSamples) throws -> Evaluator {
        try Evaluator(
            network, samples: samples, normalization: dataset.normalization, statistics: batchStatistics(),
            threads: threads)
    }

    /// What finds the statistics of a model's batch-norms; nil where there are none.
    private func batchStatistics() throws -> BatchStatistics? {
        guard network.statistics.count > 0 else { return nil }
        return try BatchStatistics(
            network, samples: dataset.train, normalization: dataset.normalization,
            augmentation: experiment.data.augment, precision: experiment.precision, seed: UInt64(experiment.seed),
            threads: threads)
    }
}

extension WorkloadEntry {
    package static let networks = WorkloadEntry(.networks) { experiment, places, peers, tests in
        guard let division = experiment.division else {
            return try NetworkWorkload(experiment, places: places, holding: peers, tests: tests)
        }
        return try DividedNetworkWorkload(experiment, division, places: places, holding: peers, tests: tests)
    }
}
