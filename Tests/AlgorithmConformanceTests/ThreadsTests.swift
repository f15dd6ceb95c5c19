import Configuration
import Datasets
import Gossip
import Simulator
import Testing
import Vectors

@testable import Training

/// The same algorithm, learner and optimizer on threads and in the single-threaded harness: where peers wait for each
/// other, the models are equal to the bit.
@Suite struct ThreadsTests {
    private static let lockStep = Algorithms.all.map(\.name).filter(Algorithms.isLockStep)

    private func plan(_ overrides: [String]) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// The models at the end of a run in virtual time, on a network that loses and reorders.
    private func simulated(_ plan: TrainingPlan) throws -> [[Float]] {
        let peers = plan.experiment.peers
        let network = HarnessNetwork(latencySeconds: 0.001, jitterSeconds: 0.05, loss: 0.1, duplication: 0.1)
        let harness = Harness<AnyLearner, OptimizerStepper>(peers: peers, network: network)
        for peer in 0..<peers {
            harness.add(
                try plan.algorithm(peer), model: plan.workload.initialModel(of: peer),
                learner: AnyLearner(try plan.workload.learner(of: peer)), stepper: try plan.stepper()
            ) { step in 0.01 + 0.003 * Double((step + UInt64(peer)) % 3) }
        }
        harness.start()
        harness.run()
        return (0..<peers).map { harness.values(of: .model, peer: PeerID($0)) }
    }

    @Test(arguments: lockStep, ["ring", "complete", "one-peer-exponential"])
    func aQuadraticEndsAtTheSameBits(algorithm: String, topology: String) throws {
        guard Topologies.all.contains(where: { $0.name == topology }) else { return }
        let plan = try plan([
            "model.name=quadratic", "model.targets=[[1, -1], [2, 0], [4, 5], [9, 2]]", "model.noise=0.5", "steps=50",
            "algorithm.name=\(algorithm)", "topology.name=\(topology)", "optimizer.learning_rate=0.1",
        ])
        let models = try #require(try TrainingRun(plan, metrics: nil).run().summary.models)
        #expect(models.map { $0.map { Float($0) } } == (try simulated(plan)))
    }

    @Test(arguments: lockStep)
    func aNetworkEndsAtTheSameBits(algorithm: String) throws {
        let plan = try plan([
            "data.name=synthetic", "data.samples=1000", "model.name=mlp", "batch=30", "epochs=1",
            "algorithm.name=\(algorithm)", "topology.name=ring", "optimizer.weight_decay=0.001",
        ])
        let average = try TrainingRun(plan, metrics: nil).run().model.array()
        #expect(average == Consensus(of: try simulated(plan).map { Payload($0) }).model.array())
    }

    /// The published vectors of the reference, section 15.4, through the product's own run.
    @Test(arguments: [
        ("order=combine-then-adapt", [0.777667, 0.746444, 1.164, 1.647889]),
        ("order=adapt-then-combine", [1.054, 0.882333, 1.193, 1.206667]),
    ])
    func dpsgdOnThreadsFollowsThePublishedVectors(order: String, expected: [Double]) throws {
        let plan = try plan([
            "model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "steps=3", "algorithm.name=dpsgd",
            "algorithm.\(order)", "topology.name=ring", "optimizer.name=sgd", "optimizer.learning_rate=0.1",
        ])
        let models = try #require(try TrainingRun(plan, metrics: nil).run().summary.models)
        for (model, value) in zip(models, expected) { #expect(abs(model[0] - value) <= 1e-6) }
    }
}
