import Datasets
import Experiments
import Records
import Runs
import Testing
import Training

@testable import SimulatedTraining

/// Eight peers on a ring, each of which sees one or two of the ten classes: how far from the optimum of all data each
/// algorithm leaves the peers' models. `docs/results/heterogeneity.md` has more of it.
@Suite struct HeterogeneityTests {
    private func meanAccuracy(_ algorithm: String) throws -> Double {
        let loaded = try LoadedExperiment(
            file: nil,
            overrides: [
                "algorithm.name=\(algorithm)", "model.name=softmax", "partition.kind=label-sorted", "peers=8",
                "batch=32",
                "epochs=2", "optimizer.name=sgd", "optimizer.learning_rate=0.05",
            ] + (algorithm == "relaysgd" ? [] : ["topology.name=ring"]), registries: .all)
        let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
        return try #require(try SimulatedRun(plan).run().summary.testAccuracy.mean)
    }

    /// D-PSGD is held back by how different the data are, quasi-global momentum less so, the others not.
    @Test func theOrderIsThatOfTheory() throws {
        let plain = try meanAccuracy("dpsgd")
        let momentum = try meanAccuracy("qg-dsgdm")
        #expect(plain + 0.03 < momentum)
        for algorithm in ["gradient-tracking", "exact-diffusion", "relaysgd"] {
            #expect(try meanAccuracy(algorithm) > momentum + 0.03, "\(algorithm)")
        }
    }
}
