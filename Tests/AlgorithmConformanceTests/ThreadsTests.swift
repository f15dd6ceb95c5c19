import Configuration
import Datasets
import Gossip
import Records
import Runs
import Simulator
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

/// The same algorithm, learner and optimizer on threads and in the single-threaded simulation: where peers wait for
/// each other, the models are equal to the bit.
@Suite struct ThreadsTests {
    private static let lockStep = EveryAlgorithmTests.lockStep

    private func plan(_ overrides: [String]) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// The models at the end of a run in virtual time, on a network that loses and reorders.
    private func simulated(_ plan: TrainingPlan) throws -> [[Float]] {
        let peers = plan.experiment.peers
        let network = TestNetwork(latencySeconds: 0.001, jitterSeconds: 0.05, loss: 0.1, duplication: 0.1)
        let simulation = Simulation(
            peers: peers, try network.settings(peers: peers, servers: plan.nodes - peers))
        let scorer = try plan.scorer()
        for peer in 0..<plan.nodes {
            simulation.add(
                try plan.algorithm(peer), model: plan.initialModel(peer), learner: try plan.learner(peer),
                localOptimizer: try plan.localOptimizer(peer), scorer: scorer,
                computeSeconds: { step in 0.01 + 0.003 * Double((step + UInt64(peer)) % 3) }, links: plan.links)
        }
        simulation.start()
        simulation.run()
        return simulation.evaluated
    }

    /// The algorithm and the graph of a run in virtual time, as an experiment chooses them.
    private func choice(_ run: QuadraticRun) -> [String] {
        ["algorithm.name=\(run.algorithm)"]
            + (Algorithms.traits(run.algorithm).graphUse == .none ? [] : ["topology.name=\(run.topology)"])
            + run.options.values.map { "algorithm.\($0)=\($1.yaml)" }
            + (run.compression == "none"
                ? [] : ["compression.name=\(run.compression)", "compression.rate=\(run.linkRate)"])
            + run.compressionOptions.values.map { "compression.\($0)=\($1.written)" }
            + run.topologyOptions.values.map { "topology.\($0)=\($1.written)" }
            + (Algorithms.traits(run.algorithm).bringsMomentum ? ["optimizer.name=sgd"] : [])
    }

    @Test(arguments: lockStep, ["ring", "complete", "one-peer-exponential"])
    func aQuadraticEndsAtTheSameBits(algorithm: String, topology: String) throws {
        let plan = try plan(
            [
                "model.name=quadratic", "model.targets=[[1, -1], [2, 0], [4, 5], [9, 2]]", "model.noise=0.5",
                "steps=50", "optimizer.learning_rate=0.1",
            ] + choice(EveryAlgorithmTests.run(algorithm, topology)))
        let summary = try TrainingRun(plan, metrics: nil).run().summary
        let models = try #require(summary.models) + (summary.server.map { [$0] } ?? [])
        #expect(models.map { $0.map { Float($0) } } == (try simulated(plan)))
    }

    @Test(arguments: Variant.lockStep + Variant.robust) func aVariantEndsAtTheSameBits(variant: Variant) throws {
        let plan = try plan(
            [
                "model.name=quadratic", "model.targets=[[1, -1], [2, 0], [4, 5], [9, 2]]", "model.noise=0.5",
                "steps=50", "optimizer.learning_rate=0.1",
            ] + choice(variant.run))
        let summary = try TrainingRun(plan, metrics: nil).run().summary
        let models = try #require(summary.models) + (summary.server.map { [$0] } ?? [])
        #expect(models.map { $0.map { Float($0) } } == (try simulated(plan)))
    }

    @Test(arguments: lockStep)
    func aNetworkEndsAtTheSameBits(algorithm: String) throws {
        let plan = try plan(
            [
                "data.name=synthetic", "data.samples=1000", "model.name=mlp", "batch=30", "epochs=1",
                "optimizer.weight_decay=0.001",
            ] + choice(EveryAlgorithmTests.run(algorithm, "ring"))
                + (Algorithms.traits(algorithm).needsScores ? ["data.validation_samples=100"] : []))
        let model = try TrainingRun(plan, metrics: nil).run().model.array()
        let simulated = try simulated(plan)
        let average = Consensus(of: simulated.prefix(plan.experiment.peers).map { Payload($0) }).model.array()
        #expect(model == (plan.servers > 0 ? simulated.last : average))
    }

    /// The vectors of docs/oracles.md through the product's own run.
    @Test(arguments: PublishedVectors.all) func aRunFollowsThePublishedVectors(vectors: PublishedVectors) throws {
        var run = QuadraticRun()
        run.algorithm = vectors.algorithm
        run.options = Options(vectors.options)
        run.topology = vectors.topology
        run.topologyOptions = Options(vectors.topologyOptions)
        for index in vectors.rows.indices {
            let plan = try plan(
                [
                    "model.name=quadratic", "model.targets=[[1], [2], [4], [9]]",
                    "steps=\(UInt64(index + 1) * vectors.stepsPerRow)", "optimizer.name=sgd",
                    "optimizer.learning_rate=0.1",
                ] + choice(run))
            let summary = try TrainingRun(plan, metrics: nil).run().summary
            let models = try #require(summary.models) + (summary.server.map { [$0] } ?? [])
            for (model, value) in zip(models, vectors.expected(index)) { #expect(abs(model[0] - value) <= 1e-6) }
        }
    }
}
