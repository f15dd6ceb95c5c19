import Configuration
import Datasets
import Foundation
import Gossip
import Runs
import Testing
import Vectors
import Workloads

@testable import Experiments
@testable import Records
@testable import SimulatedTraining
@testable import Training

/// When models are tested: between steps, in virtual time as on threads, so that a run's curve is the ends of shorter
/// runs.
@Suite struct CurveTests {
    static let lockStep: [String] =
        Algorithms.all.map(\.name).filter { Algorithms.traits($0).isLockStep } + ["gossip-pull", "gossip-push"]

    /// Rounds of two steps where the algorithm has rounds, so that tests after three steps lie within one.
    private func overrides(_ algorithm: String) -> [String] {
        let own: [String: [String]] = [
            "gossip-pull": ["algorithm.synchronous=true", "algorithm.period=2"],
            "gossip-push": ["algorithm.synchronous=true"],
            "d2": ["topology.name=ring", "topology.mixing=lazy"],
            // A round is as long as an epoch: a shorter run ends with one, too.
            "best-peer": ["algorithm.samples=20", "data.validation_samples=16"],
            // The perceptron of one layer is one stage; its peers learn from the same batches, as large as four.
            "nettorrent": [
                "algorithm.schedule=1f1b", "algorithm.peers_per_stage=4", "algorithm.microbatches=2", "batch=32",
            ],
        ]
        let hasPeriod = ["local-sgd", "easgd", "slowmo", "diloco", "noloco"].contains(algorithm)
        let brings = Algorithms.traits(algorithm).bringsMomentum
        return [
            "model.name=softmax", "data.name=synthetic", "data.samples=96", "peers=4",
            "batch=8", "epochs=4", "optimizer.learning_rate=0.1", "algorithm.name=\(algorithm)",
            "simulation.latency=heavy-tailed", "simulation.latency_ms=7", "simulation.compute_spread=0.5",
        ] + (brings ? ["optimizer.name=sgd"] : []) + (hasPeriod ? ["algorithm.period=2"] : [])
            + (own[algorithm] ?? [])
    }

    private func plan(_ overrides: [String]) throws -> TrainingPlan {
        try TrainingPlan(
            LoadedExperiment(file: nil, overrides: overrides, registries: .all),
            places: DataPlaces(collection: nil, home: nil))
    }

    /// What is tested, by step: lines without their time, of whom and how well, and of the models' distance.
    private func curve(_ body: (MetricsWriter) throws -> Void) throws -> [Int: [String]] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MetricsWriter("\(folder)/metrics.jsonl")
        try body(writer)
        try writer.close()
        var curve: [Int: [String]] = [:]
        for line in try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8).split(separator: "\n") {
            let isTest = line.contains(#""split":"test""#) || line.contains(#""kind":"consensus""#)
            guard isTest, let step = line.firstMatch(of: /"step":([0-9]+)/).flatMap({ Int($0.1) }) else { continue }
            curve[step, default: []].append(String(line).replacing(/"time":[^,]*,/, with: ""))
        }
        return curve
    }

    private func simulated(_ overrides: [String]) throws -> [Int: [String]] {
        try curve { _ = try SimulatedRun(plan(overrides), metrics: $0).run() }
    }

    @Test(arguments: lockStep) func simulatedAsOnThreads(algorithm: String) throws {
        let overrides = overrides(algorithm)
        let simulated = try simulated(overrides)
        #expect(simulated.keys.sorted() == [3, 6, 9, 12])
        let threads = try curve { _ = try TrainingRun(plan(overrides), metrics: $0).run() }
        for step in simulated.keys.sorted() { #expect(simulated[step] == threads[step], "step \(step)") }
    }

    @Test(arguments: lockStep) func aCurveIsTheEndsOfShorterRuns(algorithm: String) throws {
        let overrides = overrides(algorithm)
        let whole = try simulated(overrides)
        for step in [3, 6, 9] {
            let shorter = try simulated(overrides + ["steps=\(step)"])
            #expect(whole[step] == shorter[step], "step \(step)")
        }
    }

    /// The issue's case: the accuracy on the way, and when a target is met.
    @Test func theTargetIsMetAtTheSameStep() throws {
        let overrides = [
            "model.name=softmax", "data.name=synthetic", "data.samples=512", "peers=4", "batch=8", "epochs=3",
            "algorithm.name=dpsgd", "topology.name=ring", "evaluate.every_epochs=0.25",
            "evaluate.target_accuracy=0.6", "evaluate.stop_at_target=true", "optimizer.learning_rate=0.02",
        ]
        let virtual = try SimulatedRun(plan(overrides)).run()
        let real = try TrainingRun(plan(overrides), metrics: nil).run()
        #expect(virtual.ending == .targetReached && real.ending == .targetReached)
        #expect(virtual.model.array() == real.model.array())
        #expect(virtual.summary.testAccuracy == real.summary.testAccuracy)
        #expect(virtual.summary.testLoss == real.summary.testLoss)
    }

    /// What is saved is what met the target, not what came some steps later.
    @Test(arguments: ["dpsgd", "gosgd", "easgd", "aeasgd", "fedavg", "downpour"])
    func theModelThatMetTheTargetIsKept(algorithm: String) throws {
        let overrides =
            [
                "model.name=softmax", "data.name=synthetic", "data.samples=256", "peers=4", "batch=8", "epochs=40",
                "algorithm.name=\(algorithm)", "evaluate.every_epochs=0.5", "evaluate.target_accuracy=0.7",
                "evaluate.stop_at_target=true",
            ] + (["dpsgd", "gosgd"].contains(algorithm) ? ["topology.name=ring"] : [])
        let plan = try plan(overrides)
        for (ending, summary, model) in try [
            {
                let run = try SimulatedRun(plan).run()
                return (run.ending, run.summary, run.model)
            }(),
            {
                let run = try TrainingRun(plan, metrics: nil).run()
                return (run.ending, run.summary, run.model)
            }(),
        ] {
            #expect(ending == .targetReached)
            let score = try plan.workload.test().score(model)
            #expect(try #require(score.accuracy) >= 0.7)
            #expect(summary.evaluatedAccuracy == score.accuracy && summary.testLoss == score.loss)
            #expect(summary.evaluated == (plan.servers > 0 ? .server : .consensus))
            #expect(summary.timeToTargetSeconds != nil)
        }
    }

    /// Workers that go at their own pace are tested between steps, too: with one worker its curve, and the server's, is
    /// the ends of shorter runs.
    @Test(arguments: ["aeasgd", "eamsgd", "downpour"]) func aWorkerAloneIsTestedBetweenSteps(algorithm: String) throws {
        let overrides = [
            "model.name=softmax", "data.name=synthetic", "data.samples=24", "peers=1",
            "batch=8", "epochs=4", "algorithm.name=\(algorithm)", "algorithm.period=3", "optimizer.name=sgd",
        ]
        let whole = try simulated(overrides)
        let threads = try curve { _ = try TrainingRun(plan(overrides), metrics: $0).run() }
        #expect(whole == threads && whole.keys.sorted() == [3, 6, 9, 12])
        for step in [3, 6, 9] { #expect(whole[step] == (try simulated(overrides + ["steps=\(step)"]))[step]) }
    }
}
