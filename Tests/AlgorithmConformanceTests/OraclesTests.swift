import Configuration
import Datasets
import Gossip
import SimulatedTraining
import Testing
import Training

/// The published vectors by the way that users take: an experiment, simulated; and on threads, where peers wait for
/// each other, to the bit.
@Suite struct OraclesTests {
    static func plan(_ vectors: PublishedVectors, steps: Int) throws -> TrainingPlan {
        let overrides =
            [
                "model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "steps=\(steps)", "optimizer.name=sgd",
                "optimizer.learning_rate=0.1", "algorithm.name=\(vectors.algorithm)",
                "topology.name=\(vectors.topology)",
            ] + vectors.options.map { "algorithm.\($0.key)=\($0.value.written)" }
            + vectors.topologyOptions.map { "topology.\($0.key)=\($0.value.written)" }
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    @Test(arguments: PublishedVectors.all) func throughExperiments(vectors: PublishedVectors) throws {
        for (index, row) in vectors.rows.enumerated() {
            let plan = try Self.plan(vectors, steps: (index + 1) * Int(vectors.stepsPerRow))
            let outcome = try SimulatedRun(plan).run()
            let models = try #require(outcome.summary.models)
            #expect(models.count == row.count)
            for (model, expected) in zip(models, row) { #expect(abs(model[0] - expected) <= 1e-5) }
            if let centre = vectors.centre {
                #expect(abs(try #require(outcome.summary.centre)[0] - centre[index]) <= 1e-5)
            }
            #expect(outcome.violations == [] && outcome.ending == .completed)
            #expect(plan.isLockStep)
            let onThreads = try TrainingRun(plan, metrics: nil).run().summary
            #expect(onThreads.models == models && onThreads.centre == outcome.summary.centre)
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
