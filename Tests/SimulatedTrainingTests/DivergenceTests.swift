import Datasets
import Experiments
import Runs
import Simulator
import Testing
import Training

@testable import SimulatedTraining

/// What asks for too much of the mathematics, or of patience, is no promise of ours that breaks.
@Suite struct DivergenceTests {
    private static let quadratic = ["model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "optimizer.name=sgd"]

    private func plan(_ settings: [String]) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(file: nil, overrides: Self.quadratic + settings, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// The same end in virtual time and on threads, wherever numbers leave float32: in a loss, in a model, in the last
    /// step alone.
    @Test(arguments: [
        ["algorithm.name=dpsgd", "topology.name=ring", "optimizer.learning_rate=3", "steps=300"],
        ["algorithm.name=easgd", "algorithm.alpha=1", "optimizer.learning_rate=0.1", "steps=200"],
        ["algorithm.name=allreduce", "optimizer.learning_rate=3.3e38", "steps=2"],
        ["algorithm.name=allreduce", "optimizer.learning_rate=3.4e38", "steps=1"],
    ]) func aDivergenceEndsBothAlike(settings: [String]) throws {
        let plan = try plan(settings)
        let simulated = try SimulatedRun(plan).run()
        #expect(simulated.violations == [])
        guard case .diverged = simulated.ending else {
            Issue.record("simulate: \(simulated.ending)")
            return
        }
        guard case .diverged = try TrainingRun(plan, metrics: nil).run().ending else {
            Issue.record("train did not diverge")
            return
        }
    }

    /// A run that takes long has its time: faults that multiply, next to nothing that gets through, rounds that are
    /// longer than the run, more chunks than numbers.
    @Test(arguments: [
        [
            "algorithm.name=dpsgd", "topology.name=ring", "steps=5",
            "simulation.faults=[{slow: {peer: 1, factor: 2000}}, {slow: {peer: 1, factor: 2000}}]",
        ],
        ["algorithm.name=allreduce", "steps=4", "simulation.loss=0.95"],
        ["algorithm.name=fedavg", "algorithm.local_epochs=3000", "steps=2"],
        ["algorithm.name=grsgd", "algorithm.chunks=20000", "steps=8"],
    ]) func aLongRunHasItsTime(settings: [String]) throws {
        let outcome = try SimulatedRun(try plan(settings + ["optimizer.learning_rate=0.05"])).run()
        #expect(outcome.violations == [])
        #expect(outcome.ending == .completed)
    }
}
