import Datasets
import Gossip
import Graphs
import Records
import Runs
import Runtime
import Safetensors
import TestKit
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

/// What a run makes of a divided model: lengths, tests and files.
@Suite struct DividedRunTests {
    /// Two stages of three peers each; what carries the run out does not matter here.
    private func plan(_ split: Division.Split = .rows, _ overrides: [String] = []) throws -> TrainingPlan {
        let settings = [
            "model.name=mlp", "data.name=synthetic", "data.samples=96", "data.size=8", "data.classes=3", "batch=24",
            "peers=6",
        ]
        let loaded = try LoadedExperiment(file: nil, overrides: settings + overrides, registries: .all)
        let division = Division(stages: nil, peersPerStage: 3, split: split, microbatches: 2)
        return try TrainingPlan(
            loaded.experiment,
            DividedNetworkWorkload(loaded.experiment, division, places: DataPlaces(collection: nil, home: nil)))
    }

    private func parts(_ plan: TrainingPlan) -> [Payload] { (0..<6).map { Payload(plan.initialModel($0).array()) } }

    /// LAMB goes by the tensors of the stage.
    @Test func everyPeersOptimizerIsOfItsOwnVectors() throws {
        let plan = try plan(.rows, ["optimizer.name=lamb"])
        for peer in [0, 5] {
            let count = plan.vectorCount(of: peer)
            #expect(count < plan.layout.count && plan.initialModel(peer).count == count)
            var optimizer = try plan.localOptimizer(peer)
            _ = optimizer.begin(step: 0)
            var model = FlatVector([Float](repeating: 1, count: count))
            let gradient = FlatVector([Float](repeating: 1, count: count))
            model.write { model in gradient.read { optimizer.update(&model, along: $0) } }
            #expect(model.array().allSatisfy { $0 < 1 })
        }
        #expect(plan.vectorCount(of: 0) + plan.vectorCount(of: 3) == plan.layout.count)
        #expect(plan.vectorCount(of: 1) == plan.vectorCount(of: 0))
    }

    @Test(arguments: [Division.Split.rows, .neurons]) func wholeModelsAreTestedAndTheirSamplesCounted(
        _ split: Division.Split
    ) throws {
        let plan = try plan(split)
        try withTemporaryFolder { folder in
            let metrics = try MetricsWriter("\(folder)/metrics.jsonl")
            // Only the last stage knows of samples: all in rows of its slots, or the first of it.
            let samples = split == .rows ? [0, 0, 0, 16, 8, 8] : [0, 0, 0, 32, 0, 0]
            let snapshots = parts(plan).enumerated().map { peer, model in
                TestRounds.Snapshot(peer: PeerID(peer), model: model, samples: samples[peer])
            }
            let tested = try RunEvaluation(plan).test((4, snapshots), time: 1, metrics)
            let start = plan.workload.undivided.initialModel(of: 0).array()
            // But for the rounding of an average of equal numbers.
            #expect(zip(tested.model.array(), start).allSatisfy { abs($0 - $1) < 1e-6 } && tested.distance < 1e-4)
            let score = try plan.workload.test().score(Payload(start))
            #expect(abs(tested.consensus.loss - score.loss) < 1e-5)
            #expect(tested.subjects == (split == .rows ? [0, 1, 2] : [0]))
            #expect(tested.peers == tested.subjects.map { _ in score } && tested.score(of: 4) == nil)
            try metrics.synchronize()
            let lines = try #require(text("\(folder)/metrics.jsonl")).split(separator: "\n")
            func seen(_ subject: String) -> [String] {
                lines.filter { $0.contains("\"peer\":\(subject),") && $0.contains("\"split\":\"test\"") }
                    .compactMap { $0.firstMatch(of: /"samples":(\d+)/).map { String($0.1) } }
            }
            #expect(seen("0") == [split == .rows ? "16" : "32"] && seen("1") == (split == .rows ? ["8"] : []))
            #expect(seen("null") == ["32"])
        }
    }

    @Test func aModelIsSavedWholeWhereAllPartsAre() throws {
        let plan = try plan()
        let start = plan.workload.undivided.initialModel(of: 0).array()
        var models: [Payload?] = parts(plan)
        models[0] = nil
        models[3] = nil
        let whole = plan.models(of: models)
        #expect(whole.count == 2 && whole.allSatisfy { $0?.array() == start })
        try withTemporaryFolder { folder in
            try ModelFile.write(#require(whole[0]), of: plan, to: "\(folder)/model.safetensors")
            #expect(try numbers(of: plan, in: "\(folder)/model.safetensors") == start)
        }
    }

    private func numbers(of plan: TrainingPlan, in path: String) throws -> [Float] {
        let network = try #require(plan.workload.undivided as? NetworkWorkload).network
        return try ModelFile.parameters(of: network, in: SafetensorsFile(readingFrom: path), path)
    }
}
