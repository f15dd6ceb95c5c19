import Configuration
import Datasets
import Experiments
import Gossip
import Records
import Runs
import SimulatedTraining
import Testing
import Training

/// The published vectors by the way that users take: an experiment, simulated; and on threads, where peers wait for
/// each other, to the bit.
@Suite struct OraclesTests {
    static func plan(_ vectors: PublishedVectors, steps: Int, optimizer: [String] = ["name=sgd"]) throws -> TrainingPlan
    {
        let overrides =
            [
                "model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "steps=\(steps)",
                "optimizer.learning_rate=0.1", "algorithm.name=\(vectors.algorithm)",
            ] + (Algorithms.traits(vectors.algorithm).graphUse == .none ? [] : ["topology.name=\(vectors.topology)"])
            + vectors.options.map { "algorithm.\($0.key)=\($0.value.written)" }
            + vectors.topologyOptions.map { "topology.\($0.key)=\($0.value.written)" }
        let loaded = try LoadedExperiment(
            file: nil, overrides: overrides + optimizer.map { "optimizer.\($0)" }, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    @Test(arguments: PublishedVectors.all) func throughExperiments(vectors: PublishedVectors) throws {
        for (index, row) in vectors.rows.enumerated() {
            let plan = try Self.plan(vectors, steps: (index + 1) * Int(vectors.stepsPerRow))
            let outcome = try SimulatedRun(plan).run()
            let models = try #require(outcome.summary.models)
            #expect(models.count == row.count)
            for (model, expected) in zip(models, row) { #expect(abs(model[0] - expected) <= 1e-5) }
            if let server = vectors.server {
                #expect(abs(try #require(outcome.summary.server)[0] - server[index]) <= 1e-5)
            }
            #expect(outcome.violations == [] && outcome.ending == .completed)
            #expect(plan.isLockStep)
            let onThreads = try TrainingRun(plan, metrics: nil).run().summary
            #expect(onThreads.models == models && onThreads.server == outcome.summary.server)
        }
    }

    /// D-PSGD's second order with the optimizer's heavy ball, momentum staying with the peers.
    @Test(arguments: [
        [0.4, 0.233333, 0.5, 0.466667], [1.09, 0.783333, 1.31, 1.296667], [2.002, 1.553333, 2.336, 2.332667],
    ]) func localMomentum(row: [Double]) throws {
        let vectors = PublishedVectors(
            algorithm: "dpsgd", options: ["order": .text("adapt-then-combine")], rows: [])
        // The mean of the models has taken so many steps of a heavy ball: 0.4, 1.12, 2.056.
        let steps = row[0] > 2 ? 3 : row[0] > 1 ? 2 : 1
        let plan = try Self.plan(vectors, steps: steps, optimizer: ["name=momentum", "momentum=0.9"])
        let models = try #require(try SimulatedRun(plan).run().summary.models)
        for (model, expected) in zip(models, row) { #expect(abs(model[0] - expected) <= 1e-5) }
        #expect(try TrainingRun(plan, metrics: nil).run().summary.models == models)
    }

    /// Mixing by a doubly stochastic matrix, and averaging, leave the mean to the gradients: whatever the matrix, it
    /// takes the steps of one peer with all the data.
    @Test(arguments: ["dpsgd", "cdsgd", "gradient-tracking", "exact-diffusion", "extra", "local-sgd", "gossip-pull"])
    func theMeanIsThatOfGradientDescent(algorithm: String) throws {
        for (steps, expected) in [(1, 0.4), (2, 0.76), (3, 1.084)] {
            let isGossip = algorithm == "gossip-pull"
            let vectors = PublishedVectors(
                algorithm: algorithm, options: isGossip ? ["synchronous": .boolean(true)] : [:],
                topology: isGossip ? "complete" : "chain", rows: [])
            let plan = try Self.plan(vectors, steps: steps)
            let models = try #require(try SimulatedRun(plan).run().summary.models)
            #expect(abs(models.reduce(0) { $0 + $1[0] } / 4 - expected) <= 1e-6)
            #expect(try TrainingRun(plan, metrics: nil).run().summary.models == models)
        }
    }

    /// With all-reduce every peer takes the steps of one that has all the data.
    @Test func allReduceIsGradientDescent() throws {
        for (steps, expected) in [(1, 0.4), (2, 0.76), (3, 1.084)] {
            let vectors = PublishedVectors(algorithm: "allreduce", topology: "complete", rows: [])
            let plan = try Self.plan(vectors, steps: steps)
            let models = try #require(try SimulatedRun(plan).run().summary.models)
            #expect(models.allSatisfy { abs($0[0] - expected) <= 1e-6 })
            #expect(try TrainingRun(plan, metrics: nil).run().summary.models == models)
        }
    }
}
