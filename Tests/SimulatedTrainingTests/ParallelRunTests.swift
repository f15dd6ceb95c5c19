import Configuration
import Datasets
import Experiments
import Gossip
import Runs
import Simulator
import Testing
import Vectors

@testable import SimulatedTraining

/// Runs whose gradients are computed by several threads are those of one, to the bit.
@Suite struct ParallelRunTests {
    private struct End: Equatable {
        let statistics: SimulationStatistics
        let models: [[Float]]
        let violations: [String]
        let seconds: Double
    }

    /// Every gradient is handed over, however small.
    private func run(_ overrides: [String], threads: Int) throws -> End {
        let loaded = try LoadedExperiment(
            file: nil, overrides: overrides + ["save.peers=true", "simulation.workers=1"], registries: .all)
        let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
        let run = try SimulatedRun(plan, parallelism: Parallelism(threads: threads, leastWork: 0))
        let outcome = try run.run()
        return End(
            statistics: outcome.statistics,
            models: [outcome.model.array()] + outcome.peerModels.map { $0?.array() ?? [] },
            violations: outcome.violations.map(\.description), seconds: outcome.virtualSeconds)
    }

    private func expectTheSame(_ overrides: [String]) throws {
        let one = try run(overrides, threads: 1)
        #expect(one.violations == [])
        for threads in [2, 4] { #expect(try run(overrides, threads: threads) == one, "\(threads) threads") }
    }

    private static let quadratic = [
        "model.name=quadratic", "model.targets=[[1, 2], [2, 0], [4, 1], [9, 5]]", "model.noise=0.3", "steps=30",
        "optimizer.name=sgd", "optimizer.learning_rate=0.1",
    ]

    private static let unruly =
        "{random: {seed: 3, per_hour: 60000, "
        + "kinds: [drop, duplicate, reorder, delay, pause, slow]}}"

    @Test(arguments: Algorithms.all.map(\.name)) func everyAlgorithm(name: String) throws {
        let peers = name == "centralized" ? ["model.targets=[[3, 1]]"] : []
        let graph = Algorithms.traits(name).graphUse == .none ? [] : ["topology.name=star"]
        let stages = name == "nettorrent" ? ["algorithm.peers_per_stage=2"] : []
        try expectTheSame(
            Self.quadratic + ["algorithm.name=\(name)"] + peers + graph + stages + [
                "simulation.latency=heavy-tailed", "simulation.latency_ms=4", "simulation.loss=0.1",
                "simulation.faults=[\(Self.unruly)]",
            ])
    }

    /// Peers die with a gradient under way, come back from a checkpoint that was written amid one, and sleep.
    @Test(arguments: ["gosgd", "gossip-push", "nettorrent"]) func crashesAndReturns(name: String) throws {
        let stages = name == "nettorrent" ? ["algorithm.peers_per_stage=2"] : ["algorithm.probability=0.5"]
        try expectTheSame(
            Self.quadratic + ["algorithm.name=\(name)", "simulation.checkpoint_every_ms=17"] + stages + [
                "simulation.faults=[{crash: 1, at: 45ms, restart_after: 30ms}, {crash: 2, at: 83ms, "
                    + "restart_after: 51ms}, {pause: 3, at: 20ms, for: 40ms}, {drop: 0.1}]"
            ])
    }

    private static let network = [
        "data.name=synthetic", "data.samples=90", "data.size=8", "model.name=cnn", "batch=8", "peers=4", "steps=6",
        "data.last_batch=keep", "data.augment=crop",
    ]

    /// Real networks, with a smaller last batch in each epoch.
    @Test(arguments: ["gosgd", "dpsgd", "allreduce"]) func networks(name: String) throws {
        try expectTheSame(Self.network + ["algorithm.name=\(name)"])
    }

    @Test func dividedNetworks() throws {
        try expectTheSame(
            Self.network + [
                "algorithm.name=nettorrent", "algorithm.peers_per_stage=2", "batch=16", "data.last_batch=drop",
                "simulation.faults=[{pause: 1, at: 20ms, for: 40ms}]",
            ])
    }

    /// The number of threads is none of what a run is.
    @Test func theWorldIsToldWithoutTheThreads() throws {
        let loaded = try LoadedExperiment(
            file: nil, overrides: Self.quadratic + ["simulation.workers=3"], registries: .all)
        let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
        #expect(plan.experiment.simulation.workers == 3)
        #expect(try !SimulatedRun(plan).expandedSettings.contains { $0.contains("workers") })
    }
}
