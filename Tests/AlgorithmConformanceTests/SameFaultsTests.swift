import Datasets
import Gossip
import Graphs
import Records
import Runs
import Runtime
import Simulator
import Testing

@testable import Experiments
@testable import Training

/// The same experiment, fault list included, in virtual time and on threads. Where peers wait for each other nothing
/// that goes wrong on the way changes a bit; where a peer dies, both lose it and nothing else.
@Suite struct SameFaultsTests {
    private func plan(_ algorithm: String, steps: Int, faults: String, _ overrides: String...) throws -> TrainingPlan {
        let quadratic =
            [
                "model.name=quadratic", "model.targets=[[1, -1], [2, 0], [4, 5], [9, 2]]", "model.noise=0.5",
                "steps=\(steps)", "algorithm.name=\(algorithm)", "optimizer.learning_rate=0.1",
                "simulation.faults=\(faults)",
            ] + (Algorithms.traits(algorithm).graphUse == .none ? [] : ["topology.name=ring"])
        return try TrainingPlan(
            LoadedExperiment(file: nil, overrides: quadratic + overrides, registries: .all),
            places: DataPlaces(collection: nil, home: nil))
    }

    private func simulated(_ plan: TrainingPlan) throws -> Simulation {
        let experiment = plan.experiment
        let simulation = Simulation(
            peers: experiment.peers,
            SimulationSettings(
                network: experiment.network, machines: experiment.machines, faults: try experiment.faultList(),
                seed: experiment.simulationSeed))
        for peer in 0..<plan.nodes {
            simulation.add(
                try plan.algorithm(peer), model: plan.initialModel(peer), learner: try plan.learner(peer),
                localOptimizer: try plan.localOptimizer(peer))
        }
        simulation.start()
        simulation.run()
        #expect(simulation.violations == [])
        return simulation
    }

    @Test(
        arguments: ["dpsgd", "allreduce"],
        [
            "[{drop: 0.1}]", "[{delay: 0.5, by: 3ms}]", "[{pause: 1, at: 1ms, for: 20ms}]",
            "[{slow: {peer: 2, factor: 8}}]",
            "[{drop: 0.05}, {delay: 0.2, by: 5ms}, {pause: 0, at: 2ms, for: 20ms}, {slow: {peer: 3, factor: 4}}]",
            "[{duplicate: 0.2}, {reorder: 0.2}, {corrupt: 0.1}, {cut: {from: 0, to: 1}, at: 1ms, for: 20ms}]",
            "[{partition: [[0, 1]], at: 1ms, for: 20ms}]",
        ])
    func lockStepEndsAtTheSameBits(algorithm: String, faults: String) throws {
        let plan = try plan(algorithm, steps: 30, faults: faults)
        let threads = try TrainingRun(plan, metrics: nil).run()
        #expect(threads.ending == .completed)
        let models = try #require(threads.summary.models)
        #expect(models.map { $0.map { Float($0) } } == (try simulated(plan)).evaluated)
    }

    @Test(arguments: 1...3) func aCrashLosesTheSamePeerAndNoMore(seed: Int) throws {
        let plan = try plan(
            "gosgd", steps: 2000, faults: "[{crash: 1, at: 1ms}]", "algorithm.probability=1", "seed=\(seed)",
            "simulation.detection_ms=1", "simulation.compute_ms=0.1", "simulation.latency_ms=0.1")
        let threads = try TrainingRun(plan, metrics: nil).run()
        let simulation = try simulated(plan)
        #expect(threads.ending == .completed)
        let mass = try #require(threads.summary.weightMass)
        let lost = try #require(threads.summary.lostMass)
        #expect(abs(mass + lost - 1) <= 1e-12)
        var simulatedMass = simulation.massInFlight
        for (index, peer) in try #require(threads.summary.perPeer).enumerated() {
            let isAlive = simulation.isAlive(PeerID(index))
            #expect((peer.diedAtSeconds == nil) == isAlive)
            guard isAlive else { continue }
            #expect(peer.steps == 2000 && simulation.statistics(of: PeerID(index)).steps == 2000)
            simulatedMass += simulation.algorithm(of: PeerID(index)).invariants.reduce(0) { $0 + $1.held }
        }
        #expect(abs(simulatedMass + simulation.lostMass - simulation.madeMass - 1) <= 1e-12)
        #expect(simulation.massInFlight == 0)
    }
}
