import Datasets
import Experiments
import Gossip
import Records
import Runs
import SimulatedTraining
import TestKit
import Testing
import Training

/// Byzantine peers, rules, trust and thin links on threads and in virtual time.
@Suite struct GuardedRunTests {
    private func plan(_ run: GuardedRun) throws -> TrainingPlan {
        func target(_ peer: Int, _ place: Int) -> Double { Double((peer * 7 + place * 3) % 11) / 2 - 2 }
        let targets: [[Double]] = (0..<5).map { peer in (0..<8).map { target(peer, $0) } }
        let quadratic = [
            "model.name=quadratic", "model.targets=\(targets)", "model.noise=0.5", "steps=40", "optimizer.name=sgd",
            "optimizer.learning_rate=0.1", "simulation.loss=0.1",
        ]
        let loaded = try LoadedExperiment(file: nil, overrides: quadratic + run.settings, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// All models of a run, by their bits where they are numbers.
    private func bits(_ summary: Summary) throws -> [[UInt64]] {
        try #require(summary.models).map { $0.map { $0.isNaN ? .max : $0.bitPattern } }
    }

    @Test(arguments: GuardedRun.all) func threadsAndVirtualTimeEndAtTheSameBits(run: GuardedRun) throws {
        let plan = try plan(run)
        #expect(Algorithms.traits(plan.experiment.algorithm.name).isLockStep)
        let (threads, simulated) = (try TrainingRun(plan, metrics: nil).run(), try SimulatedRun(plan).run())
        #expect(simulated.violations.isEmpty)
        #expect(try bits(threads.summary) == bits(simulated.summary))
        #expect(threads.summary.trust == simulated.summary.trust)
        #expect(threads.summary.messagesByPair == simulated.summary.messagesByPair)
    }
}
