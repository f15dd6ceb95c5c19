import Configuration
import Datasets
import Gossip
import Records
import Runtime
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

/// A network that is divided among the peers of a run.
@Suite struct DividedNetworkWorkloadTests {
    private func workload(
        _ overrides: [String] = [], peers: Int, stages: [[Int]]? = nil, slots: Int = 1,
        split: Division.Split = .rows, microbatches: Int = 1, holding: Range<Int>? = nil
    ) throws -> DividedNetworkWorkload {
        let small = [
            "model.name=mlp", "data.name=synthetic", "data.samples=96", "data.size=8", "data.classes=3", "batch=24",
            "peers=\(peers)",
        ]
        let loaded = try LoadedExperiment(file: nil, overrides: small + overrides, registries: .all)
        return try DividedNetworkWorkload(
            loaded.experiment,
            Division(stages: stages, peersPerStage: slots, split: split, microbatches: microbatches),
            places: DataPlaces(collection: nil, home: nil), holding: holding, tests: false)
    }

    private func refusal(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ConfigurationError).map { "\($0.key ?? ""): \($0.message)" } ?? "\(error)"
        }
    }

    @Test func whatDoesNotDivideIsRefusedByName() throws {
        let refusals: [(String, () throws -> Void)] = [
            ("algorithm.peers_per_stage: 5 peers do not make 2 stages of 2", { _ = try workload(peers: 5, slots: 2) }),
            (
                "algorithm.peers_per_stage: 4 peers do not make 3 stages of 1",
                { _ = try workload(peers: 4, stages: [[0, 1], [2], [3]]) }
            ),
            ("algorithm.stages: 9 stages are more than", { _ = try workload(peers: 9) }),
            (
                "algorithm.stages[1]: stage 1 goes on with layer 3",
                { _ = try workload(peers: 2, stages: [[0, 1], [3]]) }
            ),
            ("algorithm.microbatches: 24 samples", { _ = try workload(peers: 2, microbatches: 5) }),
            (
                "algorithm.microbatches: 12 samples",
                { _ = try workload(["data.samples=60"], peers: 2, microbatches: 8) }
            ),
            ("algorithm.peers_per_stage: the 5 peers", { _ = try workload(peers: 5, slots: 5, microbatches: 6) }),
            ("algorithm.peers_per_stage: layer", { _ = try workload(peers: 4, slots: 4, split: .neurons) }),
            ("common_start", { _ = try workload(["common_start=false"], peers: 2) }),
            (
                "optimizer.name: lamb",
                { _ = try workload(["optimizer.name=lamb"], peers: 3, slots: 3, split: .neurons) }
            ),
            ("optimizer.clip_norm", { _ = try workload(["optimizer.clip_norm=1"], peers: 2) }),
        ]
        for (wanted, body) in refusals {
            let found = refusal(body)
            #expect(found?.hasPrefix(wanted) == true, "\(wanted): \(found ?? "nothing")")
        }
        #expect(
            refusal { _ = try workload(["data.samples=60", "data.last_batch=drop"], peers: 2, microbatches: 8) } == nil)
    }

    @Test func theRecordsSayWhoHoldsWhat() throws {
        let workload = try workload(peers: 6, slots: 3, split: .neurons)
        let records = workload.stageRecords
        #expect(records.map(\.stage) == [0, 1] && records.map(\.peers) == [[0, 1, 2], [3, 4, 5]])
        #expect(records.allSatisfy { $0.split == "neurons" } && records[0].layers.hasPrefix("0"))
        #expect(records.map(\.parameters) == [0, 3].map { workload.vectorLayout(of: $0).count })
        #expect(workload.undivided.stageRecords.isEmpty)
    }

    /// Images for the first stage alone; the last one needs labels, which everybody has.
    @Test func onlyTheFirstStageReadsImages() throws {
        func pixels(_ holding: Range<Int>?) throws -> Int {
            let whole = try workload(peers: 4, slots: 2, holding: holding).undivided as? NetworkWorkload
            return try #require(whole).dataset.train.pixels.count
        }
        #expect(try pixels(nil) == 96 * 64 && pixels(1..<3) == 96 * 64 && pixels(2..<4) == 0)
    }

    @Test func rowsMakeAModelOfEachSlotAndTheFirstThereStandsIn() throws {
        let workload = try workload(peers: 6, slots: 3)
        let counts = (0..<6).map { workload.vectorLayout(of: $0).count }
        func part(_ peer: Int) -> (peer: Int, model: Payload) {
            (peer, Payload([Float](repeating: Float(peer), count: counts[peer])))
        }
        func numbers(_ models: [WholeModel]) -> [[Float]] {
            models.map { [$0.model.array()[0], $0.model.array()[counts[0] - 1], $0.model.array()[counts[0]]] }
        }
        let all = workload.wholeModels(of: (0..<6).map(part))
        #expect(all.map(\.peer) == [0, 1, 2] && all.map(\.members) == [[0, 3], [1, 4], [2, 5]])
        #expect(numbers(all) == [[0, 0, 3], [1, 1, 4], [2, 2, 5]])
        // Peers 0 and 4 have died; slot 0 has a model as long as one of its peers lives.
        let some = workload.wholeModels(of: [1, 2, 3, 5].map(part))
        #expect(some.map(\.members) == [[3], [1], [2, 5]])
        #expect(numbers(some) == [[1, 1, 3], [1, 1, 3], [2, 2, 5]])
        #expect(workload.wholeModels(of: [0, 1, 3, 4].map(part)).map(\.peer) == [0, 1])
        // A stage of which nobody is left is as at the start.
        let start = workload.undivided.initialModel(of: 0).array()
        #expect(workload.wholeModels(of: [part(1)])[0].model.array()[counts[0]...] == start[counts[0]...])
    }

    @Test func neuronsMakeOneModelOfEachSlotsOwn() throws {
        let workload = try workload(peers: 6, slots: 3, split: .neurons)
        let parts = (0..<6).map { peer in
            let count = workload.vectorLayout(of: peer).count
            return (peer: peer, model: Payload([Float](repeating: Float(peer), count: count)))
        }
        let models = workload.wholeModels(of: parts)
        #expect(models.map(\.peer) == [0] && models[0].members == [0, 1, 2, 3, 4, 5])
        let last = try #require(workload.layout.entries.last)
        #expect(Array(models[0].model.array()[last.range]) == [3, 4, 5])
        let first = models[0].model.array()[workload.layout.entries[0].range]
        #expect(Set(first) == [0, 1, 2] && Array(first) == first.sorted())
        // What only peer 4 knew of is, when it is gone, as the first who is there has it.
        let rest = workload.wholeModels(of: parts.filter { $0.peer != 4 })
        #expect(Array(rest[0].model.array()[last.range]) == [3, 3, 5])
    }

    @Test func aBatchCountsOnceForTheLearningRate() throws {
        var experiment = try LoadedExperiment(file: nil, overrides: ["peers=4", "batch=8"], registries: .all).experiment
        #expect(experiment.division == nil && experiment.samplesPerStep == 32)
        experiment.peers = 1
        #expect(experiment.samplesPerStep == 8)
    }
}
