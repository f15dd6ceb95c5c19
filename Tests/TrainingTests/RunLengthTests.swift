import Configuration
import Datasets
import Gossip
import Records
import Runs
import Testing
import Vectors
import Workloads

@testable import Experiments
@testable import Training

@Suite struct RunLengthTests {
    @Test func theIssuesExample() throws {
        let outcome = try run(["data.samples=260", "peers=4", "batch=64", "epochs=10"])
        #expect(outcome.summary.perPeer?.map(\.steps) == [20, 20, 20, 20])
        #expect(outcome.summary.samplesSeen == 2600)
    }

    @Test func epochsAreStepsOfTheShares() {
        func steps(_ shares: [Int], _ epochs: Double, own: Bool) -> [UInt64] {
            RunLength(shares: shares, epochs: epochs, isPacedByShares: own).ofLearners
        }
        #expect(steps([2, 1], 10, own: true) == [20, 10])
        #expect(steps([2, 1], 10, own: false) == [20, 20])
        #expect(steps([3, 7], 0.5, own: true) == [2, 4])
        // A product of rounded numbers makes no step more.
        #expect(steps([30], 0.1, own: true) == [3])
        #expect(steps([1], 1e-300, own: false) == [1])
        #expect(RunLength(shares: [5, 2], epochs: 3, steps: 7, isPacedByShares: true).ofLearners == [7, 7])
    }

    @Test func aStepOfTheLongestShareIsOneOfEachLearner() {
        let length = RunLength(shares: [7, 3], epochs: 4, isPacedByShares: true)
        for step in 1...UInt64(28) {
            let own = length.step(of: 1, at: step)
            #expect(own == (step * 3 + 6) / 7)
            #expect(length.steps(atStep: own, of: 1).contains(step))
            #expect(length.step(of: 0, at: step) == step)
        }
    }

    private func run(_ overrides: [String]) throws -> TrainingOutcome {
        let loaded = try LoadedExperiment(
            file: nil,
            overrides: ["data.name=synthetic", "model.name=softmax", "evaluate.every_epochs=1000"] + overrides,
            registries: .all)
        return try TrainingRun(
            TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)), metrics: nil
        ).run()
    }

    /// Who goes at an own pace, or trains in a server's rounds, sees every sample of its share once an epoch.
    @Test(
        arguments: ["gosgd", "fedavg"],
        ["partition.kind=iid", "partition.kind=shards", "partition={kind: dirichlet, alpha: 0.3}"])
    func samplesSeenAreEpochsTimesSamples(algorithm: String, partition: String) throws {
        for peers in [1, 3, 4, 7, 16] {
            let summary = try run([
                "algorithm.name=\(algorithm)", "data.samples=259", "peers=\(peers)", "batch=5", "epochs=3", partition,
            ]).summary
            #expect(summary.samplesSeen == 3 * 259, "\(peers) peers")
        }
    }

    /// Who waits for the others goes on with its next pass until the longest share has been gone through.
    @Test(arguments: ["partition.kind=iid", "partition={kind: dirichlet, alpha: 0.3}"])
    func lockStepGoesByTheLongestShare(partition: String) throws {
        let overrides = ["algorithm.name=allreduce", "data.samples=257", "peers=4", "batch=5", "epochs=2", partition]
        let summary = try run(overrides).summary
        let plan = try TrainingPlan(
            LoadedExperiment(
                file: nil, overrides: ["data.name=synthetic", "model.name=softmax"] + overrides, registries: .all),
            places: DataPlaces(collection: nil, home: nil))
        let shares = (0..<4).map(plan.workload.samples)
        let steps = 2 * (((shares.max() ?? 0) + 4) / 5)
        let seen = shares.map { share -> Int in
            let epoch = (share + 4) / 5
            return steps / epoch * share + min(steps % epoch * 5, share)
        }
        #expect(summary.perPeer?.map(\.steps) == [Int](repeating: steps, count: 4))
        #expect(summary.perPeer?.map(\.samples) == seen)
    }

    /// Each peer's rate falls to the end of its own steps, and its epochs are its own.
    @Test func schedulesEndWhereThePeerDoes() throws {
        let plan = try TrainingPlan(
            LoadedExperiment(
                file: nil,
                overrides: [
                    "data.name=synthetic", "model.name=softmax", "data.samples=300", "peers=3", "batch=5", "epochs=4",
                    "partition={kind: dirichlet, alpha: 0.3}", "schedule.name=cosine", "optimizer.learning_rate=1",
                ], registries: .all), places: DataPlaces(collection: nil, home: nil))
        #expect(Set(plan.length.ofLearners).count == 3)
        for peer in 0..<3 {
            var localOptimizer = try plan.localOptimizer(peer)
            let steps = plan.length.ofLearners[peer]
            #expect(steps == 4 * UInt64(plan.workload.stepsPerEpoch(of: peer)))
            #expect(localOptimizer.begin(step: 0) == 1)
            #expect(localOptimizer.begin(step: steps) == 0)
            #expect(abs(localOptimizer.begin(step: steps / 2) - 0.5) < 1e-6)
        }
    }
}
