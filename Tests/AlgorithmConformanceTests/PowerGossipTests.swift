import Configuration
import Datasets
import Gossip
import Records
import Testing

@testable import Experiments
@testable import Runs
@testable import Training
@testable import Workloads

@Suite struct PowerGossipTests {
    private func run(_ algorithm: String, _ settings: String...) throws -> Summary {
        let overrides =
            [
                "data.name=synthetic", "data.samples=2000", "model.name=mlp", "batch=25", "peers=4", "epochs=4",
                "topology.name=ring", "algorithm.name=\(algorithm)",
            ] + settings
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
        return try TrainingRun(plan, metrics: nil).run().summary
    }

    /// Peers stay together nearly as well by a few directions as by whole models, for a small part of the bytes.
    @Test func fewDirectionsKeepPeersTogether() throws {
        let whole = try run("dpsgd", "algorithm.order=adapt-then-combine")
        let few = try run("powergossip")
        #expect(Double(few.bytesSent) < 0.1 * Double(whole.bytesSent))
        let accuracy = (try #require(whole.evaluatedAccuracy), try #require(few.evaluatedAccuracy))
        #expect(accuracy.1 > accuracy.0 - 0.02)
    }

    @Test func aRankOfNothingIsRefused() {
        #expect(throws: ConfigurationError.self) { _ = try run("powergossip", "algorithm.rank=0") }
    }
}
