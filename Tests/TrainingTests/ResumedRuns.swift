import Configuration
import Datasets
import Foundation
import Gossip
import Models
import Optimizers
import Randomness
import Runs
import Runtime
import Testing
import Vectors

@testable import Checkpoints
@testable import Experiments
@testable import Records
@testable import Training
@testable import Workloads

/// Runs that leave all their checkpoints, for the tests of resuming.
enum ResumedRuns {
    static func loaded(_ overrides: [String]) throws -> LoadedExperiment {
        let small =
            [
                "data.name=synthetic", "data.samples=100", "data.size=4", "data.classes=3", "batch=8",
                "evaluate.every_epochs=0.7", "checkpoint.every_epochs=0.3", "checkpoint.keep_last=100",
            ] + (overrides.contains("model.name=layers") ? [] : ["model.name=mlp", "model.hidden=[7]"])
        return try LoadedExperiment(file: nil, overrides: small + overrides, registries: .all)
    }

    /// The plan of a small run; `hasDropout` puts dropout before the last layer of the multilayer perceptron, if each
    /// peer has the whole of it.
    static func plan(_ overrides: [String], hasDropout: Bool = false) throws -> TrainingPlan {
        let loaded = try loaded(overrides)
        let places = DataPlaces(collection: nil, home: nil)
        guard hasDropout, loaded.experiment.division == nil else { return try TrainingPlan(loaded, places: places) }
        let workload = try DropoutWorkload(NetworkWorkload(loaded.experiment, places: places))
        return try TrainingPlan(loaded.experiment, workload)
    }

    /// Carries a run out in a folder, which then holds what it would hold after `train`.
    static func run(
        _ plan: TrainingPlan, in run: String, from checkpoint: Checkpoint? = nil, metricsFrom former: String? = nil,
        stopSignal: @escaping () -> Int32? = { nil }
    ) throws -> TrainingOutcome {
        try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
        try Data(plan.experiment.yaml.utf8).write(to: URL(filePath: "\(run)/config.yaml"))
        let metrics =
            if let former, let checkpoint {
                try MetricsWriter.resuming(
                    "\(former)/metrics.jsonl", at: "\(run)/metrics.jsonl",
                    lines: checkpoint.state().metricsLines
                ).writer
            } else {
                try MetricsWriter("\(run)/metrics.jsonl")
            }
        let training = try TrainingRun(
            plan, metrics: metrics,
            checkpoints: CheckpointFolder(run: run, keepLast: plan.experiment.checkpoint.keepLast),
            from: checkpoint, stopSignal: stopSignal)
        let outcome = try training.run()
        try metrics.close()
        return outcome
    }

    /// The checkpoints of a run, oldest first.
    static func checkpoints(of run: String) throws -> [Checkpoint] {
        try CheckpointFolder.names(in: "\(run)/checkpoints").map {
            try Checkpoint(verifying: "\(run)/checkpoints/\($0)")
        }
    }

    /// The records of a run in a fixed order, but for the times, and for what was sent until then: a test does not wait
    /// for peers to be at the same point.
    static func records(of run: String) throws -> [String] {
        let lines = try String(contentsOfFile: "\(run)/metrics.jsonl", encoding: .utf8).split(separator: "\n")
        // How often it is told how peers stand depends on the clock.
        return lines.filter { !$0.contains(#""kind":"pulse""#) }.map { line in
            String(line).replacing(/"(time|begin|end)":[^,]*,/, with: "").replacing(/"messages".*/, with: "")
        }.sorted()
    }
}

/// A network workload whose learners drop out half of what enters the last layer.
private struct DropoutWorkload: Workload {
    let base: NetworkWorkload
    private let network: Network

    init(_ base: NetworkWorkload) throws {
        self.base = base
        let plain = base.network
        var layers = plain.layers.map { Layer($0.kind) }
        layers.insert(.dropout(probability: 0.5), at: layers.count - 1)
        network = try Network(name: plain.name, inputShape: plain.inputShape, classes: plain.classes, layers: layers)
    }

    var layout: VectorLayout { base.layout }
    var samplesPerEpoch: Int { base.samplesPerEpoch }
    var batch: Int { base.batch }
    var hasAccuracy: Bool { true }
    var showsModels: Bool { false }
    var fingerprint: String { base.fingerprint }
    func samples(of peer: Int) -> Int { base.samples(of: peer) }
    func stepsPerEpoch(of peer: Int) -> Int { base.stepsPerEpoch(of: peer) }
    func initialModel(of peer: Int) -> FlatVector { base.initialModel(of: peer) }
    func statistics(of model: Payload) throws -> [Float] { try base.statistics(of: model) }
    func test() throws -> any ModelTest { try base.test() }
    func validation() throws -> (any ModelTest)? { try base.validation() }

    func learner(of peer: Int, sharing parts: PlanCache) throws -> sending any Learner & ~Copyable {
        try NetworkLearner(
            network, statistics: network.initialStatistics(), sampler: base.sampler(of: peer), threads: 1,
            shaping: Optimizers.shaping(base.experiment.optimizer.name, base.experiment.optimizer.options),
            dropout: RandomStream(seed: UInt64(base.experiment.seed), purpose: .dropout, peer: peer), sharing: parts)
    }
}
