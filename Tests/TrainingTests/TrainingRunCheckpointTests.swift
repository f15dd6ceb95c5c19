import Checkpoints
import Configuration
import Datasets
import Foundation
import Gossip
import Optimizers
import Runs
import Safetensors
import TestKit
import Testing
import Vectors

@testable import Experiments
@testable import Records
@testable import Training
@testable import Workloads

/// On threads: N steps are k steps, a checkpoint, a new run that reads it, and N - k steps.
@Suite struct TrainingRunCheckpointTests {
    /// Settings of runs that are the same to the bit whenever they are repeated.
    private static let exact =
        [
            ["algorithm.name=centralized", "peers=1", "epochs=3", "optimizer.name=sgd"],
            ["algorithm.name=centralized", "peers=1", "epochs=3", "schedule.name=step", "schedule.epochs=[1, 2]"],
            ["algorithm.name=centralized", "peers=1", "epochs=3", "optimizer.name=nesterov", "data.augment=crop-flip"],
            [
                "algorithm.name=centralized", "peers=1", "epochs=3", "optimizer.weight_decay=0.1",
                "data.last_batch=drop",
            ],
            [
                "algorithm.name=centralized", "peers=1", "model.name=quadratic", "model.hidden=null",
                "model.targets=[[1, 2]]", "model.noise=0.5", "steps=9", "batch=64", "data.name=fashion-mnist",
                "checkpoint.every_epochs=2",
            ],
            ["algorithm.name=allreduce", "peers=2", "epochs=3"] + layers,
        ]
        + optimizers + guarded
        + Algorithms.all.map(\.name).filter { Algorithms.traits($0).isLockStep && $0 != "centralized" }.flatMap {
            name in
            graphs(of: name).map { ["algorithm.name=\(name)", "peers=4", "epochs=3"] + $0 + needs(of: name) }
        }

    /// What byzantine peers keep to send it again, what neighbours made of each other, and replicas and factors of
    /// links; with usefulness tested on samples of its own.
    private static let guarded =
        (GuardedRun.all.map(\.settings) + [
            [
                "algorithm.name=dpsgd", "algorithm.trust={aspects: [useful, intact]}", "topology.name=ring",
                "data.validation_samples=20",
            ]
        ]).map { ["peers=5", "epochs=4"] + $0 }

    /// A network of one's own, with all that learners remember: statistics of batch-norms, draws of dropout.
    static let layers = [
        "model.name=layers",
        "model.layers=[{conv: 4}, batch_norm, relu, {residual: [{dropout: 0.3}]}, flatten, {dense: 3}]",
    ]

    /// Every optimizer, with what it may remember besides, under a rate that changes with every step.
    private static let optimizers =
        (Optimizers.all.map { [$0.name] } + [
            ["momentum", "momentum=0", "clip_norm=0.5"],
            ["adagrad", "learning_rate_decay=0.1"], ["rmsprop", "centered=true", "momentum=0.9"],
            ["adam", "amsgrad=true", "weight_decay=0.1"], ["adamw", "amsgrad=true", "decay_norms_and_biases=false"],
            ["rmsprop-warmup", "center_epochs=1", "period_epochs=1"],
            ["lars", "adapt_norms_and_biases=true", "weight_decay=0.1", "trust=0.1"],
            ["lamb", "adapt_norms_and_biases=false", "decay_norms_and_biases=false"],
        ]).map { words in
            [
                "algorithm.name=centralized", "peers=1", "epochs=2", "schedule={name: cosine, warmup_epochs: 0.5}",
                "optimizer.name=\(words[0])",
            ] + words.dropFirst().map { "optimizer.\($0)" }
        }

    /// The graphs on which an algorithm is tried, as settings; none where it uses none.
    private static func graphs(of name: String) -> [[String]] {
        Algorithms.traits(name).graphUse == .none ? [[]] : ["ring", "complete"].map { ["topology.name=\($0)"] }
    }

    /// What an algorithm needs to run, and to exchange something in few steps.
    private static func needs(of name: String) -> [String] {
        let options = Algorithms.all.first { $0.name == name }?.options.map(\.name) ?? []
        return (name == "d2" ? ["topology.mixing=lazy"] : [])
            + (Algorithms.traits(name).bringsMomentum ? ["optimizer.name=sgd"] : [])
            + (Algorithms.traits(name).needsScores ? ["data.validation_samples=20", "algorithm.samples=10"] : [])
            + (options.contains("period") ? ["algorithm.period=2"] : [])
            + (name == "nettorrent" ? ["algorithm.schedule=1f1b", "algorithm.microbatches=2"] : [])
    }

    private func plan(_ overrides: [String], hasDropout: Bool) throws -> TrainingPlan {
        // What the small run says and the quadratic does not know is left out.
        guard overrides.contains("model.name=quadratic") else {
            return try ResumedRuns.plan(overrides, hasDropout: hasDropout)
        }
        let known = overrides.filter {
            !$0.hasPrefix("model.hidden") && !$0.hasPrefix("data.") && !$0.hasPrefix("batch")
        }
        return try TrainingPlan(
            LoadedExperiment(file: nil, overrides: known + ["checkpoint.keep_last=100"], registries: .all),
            places: .init(collection: nil, home: nil))
    }

    @Test(arguments: exact) func goesOnToTheBit(overrides: [String]) throws {
        let plan = try plan(overrides, hasDropout: true)
        try withTemporaryFolder { folder in
            let whole = try ResumedRuns.run(plan, in: "\(folder)/whole")
            let checkpoints = try ResumedRuns.checkpoints(of: "\(folder)/whole")
            #expect(checkpoints.count > 3)
            for checkpoint in checkpoints {
                let run = "\(folder)/from-\(checkpoint.step)"
                let resumed = try ResumedRuns.run(plan, in: run, from: checkpoint, metricsFrom: "\(folder)/whole")
                #expect(resumed.model.array() == whole.model.array(), "from step \(checkpoint.step)")
                #expect(resumed.peers == whole.peers)
                #expect(resumed.summary.samplesSeen == whole.summary.samplesSeen)
                #expect(resumed.summary.messagesSent == whole.summary.messagesSent)
                #expect(resumed.summary.bytesSent == whole.summary.bytesSent)
                #expect(try ResumedRuns.records(of: run) == ResumedRuns.records(of: "\(folder)/whole"))
                // The checkpoints that it takes itself are where the first run took them.
                let later = try ResumedRuns.checkpoints(of: run).map(\.step)
                #expect(later == checkpoints.map(\.step).filter { $0 > checkpoint.step })
                #expect(resumed.summary.trainSeconds > Double(checkpoint.step) / 1e9)
            }
        }
    }

    /// What a run began with is not what it goes on with: neither weights that are there nor that they have gone
    /// changes a bit, and other ones are refused.
    @Test func aRunFromSavedWeightsGoesOnWithoutThem() throws {
        try withTemporaryFolder { folder in
            let (weights, run) = ("\(folder)/w", "\(folder)/whole")
            let settings = Self.layers + ["algorithm.name=allreduce", "peers=2", "epochs=3"]
            let places = DataPlaces(collection: nil, home: nil)
            for (path, seed) in [(weights, 8), ("\(folder)/other", 9)] {
                try RunStart.write(
                    ResumedRuns.loaded(settings + ["seed=\(seed)"]), peer: 0, places: places, to: path)
            }
            let plan = try ResumedRuns.plan(settings + ["model.weights=\(weights)"])
            let whole = try ResumedRuns.run(plan, in: run)
            #expect(
                try whole.model.array()
                    != ResumedRuns.run(ResumedRuns.plan(settings), in: "\(folder)/drawn").model.array())
            let checkpoint = try #require(ResumedRuns.checkpoints(of: run).dropLast(3).last)
            func resumed(_ setting: String) throws -> [Float] {
                let plan = try ResumedRuns.plan(settings + [setting, "checkpoint.resume=\(checkpoint.path)"])
                try #require(try Resumption(plan.experiment, output: "\(folder)/on")).check(plan)
                let place = "\(folder)/on-\(UUID().uuidString)"
                return try ResumedRuns.run(plan, in: place, from: checkpoint, metricsFrom: run).model.array()
            }
            #expect(try resumed("model.weights=\(weights)") == whole.model.array())
            let unfit = #expect(throws: CheckpointError.self) { _ = try resumed("model.weights=\(folder)/other") }
            #expect(unfit?.kind == .unfit && unfit?.reason.contains("other samples or weights") == true)
            try FileManager.default.removeItem(atPath: weights)
            let gone = #expect(throws: SafetensorsError.self) { _ = try resumed("model.weights=\(weights)") }
            #expect(gone?.kind == .missing)
            #expect(gone?.reason.hasPrefix("there is no such file; a run that goes on from a checkpoint has") == true)
            #expect(gone?.reason.contains("model.weights=null goes on") == true)
            #expect(try resumed("model.weights=null") == whole.model.array())
            // One that was cut off before its first checkpoint has its start nowhere else.
            try FileManager.default.removeItem(atPath: "\(run)/checkpoints")
            let again = try ResumedRuns.plan(settings + ["checkpoint.resume=last"])
            let start = try #require(try Resumption(again.experiment, output: run))
            let other = #expect(throws: CheckpointError.self) { try start.check(again) }
            #expect(other?.kind == .unfit && other?.reason.contains("give model.weights=\(weights)") == true)
        }
    }

    /// Peers that wait for each other rest after one and the same step.
    @Test func lockStepPeersRestAfterTheSameStep() throws {
        let plan = try ResumedRuns.plan(["algorithm.name=allreduce", "peers=4", "epochs=3"])
        try withTemporaryFolder { folder in
            _ = try ResumedRuns.run(plan, in: "\(folder)/run")
            for checkpoint in try ResumedRuns.checkpoints(of: "\(folder)/run") {
                #expect(Set(checkpoint.manifest.stepsMade).count == 1)
            }
        }
    }

    /// Peers that wait for nobody: no mass is lost, no sample seen twice or never, whatever they were at.
    @Test(arguments: 1...5) func peersThatWaitForNobodyGoOn(seed: Int) throws {
        let plan = try ResumedRuns.plan(
            ["algorithm.name=gosgd", "algorithm.probability=1", "peers=4", "epochs=6", "seed=\(seed)"], hasDropout: true
        )
        try withTemporaryFolder { folder in
            let whole = try ResumedRuns.run(plan, in: "\(folder)/whole")
            let checkpoints = try ResumedRuns.checkpoints(of: "\(folder)/whole")
            #expect(checkpoints.count > 2)
            for checkpoint in checkpoints {
                let run = "\(folder)/from-\(checkpoint.step)"
                let resumed = try ResumedRuns.run(plan, in: run, from: checkpoint, metricsFrom: "\(folder)/whole")
                #expect(abs(try #require(resumed.summary.weightMass) - 1) <= 1e-12)
                #expect(resumed.summary.samplesSeen == whole.summary.samplesSeen)
                #expect(resumed.summary.messagesSent == whole.summary.messagesSent)
                let lines = try ResumedRuns.records(of: run)
                #expect(try lines.count == ResumedRuns.records(of: "\(folder)/whole").count)
            }
        }
    }

    @Test(arguments: [
        ["algorithm.name=centralized", "peers=1"], ["algorithm.name=allreduce", "peers=3"],
        ["algorithm.name=gosgd", "peers=3"],
    ])
    func aStoppedRunIsSavedAndGoesOn(overrides: [String]) throws {
        // Saved when stopped, and never else.
        let plan = try ResumedRuns.plan(overrides + ["epochs=30", "checkpoint.every_epochs=1e6"])
        try withTemporaryFolder { folder in
            let stopped = try ResumedRuns.run(plan, in: "\(folder)/run", stopSignal: { SIGTERM })
            #expect(stopped.ending == .stopped)
            let checkpoint = try #require(ResumedRuns.checkpoints(of: "\(folder)/run").last)
            #expect(checkpoint.manifest.step < plan.steps)
            let resumed = try ResumedRuns.run(
                plan, in: "\(folder)/on", from: checkpoint, metricsFrom: "\(folder)/run")
            #expect(resumed.ending == .completed)
            let whole = try ResumedRuns.run(plan, in: "\(folder)/whole")
            #expect(resumed.summary.samplesSeen == whole.summary.samplesSeen)
            if overrides[0] != "algorithm.name=gosgd" { #expect(resumed.model.array() == whole.model.array()) }
        }
    }

    /// A run may become longer, and be tested at other times, than it was when it was saved.
    @Test(arguments: ["centralized", "allreduce"]) func aRunMayBecomeLonger(algorithm: String) throws {
        let peers = algorithm == "centralized" ? 1 : 2
        let base = ["algorithm.name=\(algorithm)", "peers=\(peers)"]
        let short = try ResumedRuns.plan(base + ["epochs=2"])
        let long = try ResumedRuns.plan(base + ["epochs=4", "evaluate.every_epochs=2"])
        try withTemporaryFolder { folder in
            _ = try ResumedRuns.run(short, in: "\(folder)/short")
            // The last one is of the end.
            let checkpoint = try #require(ResumedRuns.checkpoints(of: "\(folder)/short").dropLast().last)
            let whole = try ResumedRuns.run(long, in: "\(folder)/long")
            let resumed = try ResumedRuns.run(
                long, in: "\(folder)/on", from: checkpoint, metricsFrom: "\(folder)/short")
            #expect(resumed.model.array() == whole.model.array())
            #expect(resumed.summary.samplesSeen == whole.summary.samplesSeen)
        }
    }

    @Test func onlyTheLastAreKept() throws {
        let plan = try ResumedRuns.plan(
            ["algorithm.name=centralized", "peers=1", "epochs=3", "checkpoint.keep_last=2"])
        try withTemporaryFolder { folder in
            _ = try ResumedRuns.run(plan, in: "\(folder)/run")
            let steps = try ResumedRuns.checkpoints(of: "\(folder)/run").map(\.step)
            #expect(steps.count == 2)
            #expect(try #require(steps.last) >= Int(plan.steps) - 4)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/run/checkpoints").count == 2)
        }
    }

    @Test func withoutAnIntervalNothingIsSaved() throws {
        let plan = try ResumedRuns.plan(
            ["algorithm.name=centralized", "peers=1", "epochs=1", "checkpoint.every_epochs=null"])
        try withTemporaryFolder { folder in
            _ = try ResumedRuns.run(plan, in: "\(folder)/run")
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/run/checkpoints"))
        }
    }

    /// A disk that takes no checkpoint ends the run in order; what was saved before is still there.
    @Test func aCheckpointThatCannotBeWrittenEndsTheRun() throws {
        let plan = try ResumedRuns.plan(["algorithm.name=gosgd", "peers=2", "epochs=4"])
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/run", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: "\(folder)/run/checkpoints"))
            #expect(throws: OutputError.self) { try ResumedRuns.run(plan, in: "\(folder)/run") }
        }
    }
}
