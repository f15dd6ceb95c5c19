import Datasets
import Gossip
import Simulator
import Testing
import Training

@testable import SimulatedTraining

/// Worlds in which something broke once, drawn by the soak and written out, since what a seed is expanded to changes.
@Suite struct FoundWorldsTests {
    private func run(_ settings: String) throws -> (run: SimulatedRun, outcome: SimulationOutcome) {
        let common = ["model.name=quadratic", "optimizer.name=sgd", "optimizer.learning_rate=0.1"]
        let lines = settings.split(separator: "\n").map(String.init)
        let loaded = try LoadedExperiment(file: nil, overrides: common + lines, registries: .all)
        let run = try SimulatedRun(TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)))
        return (run, try run.run())
    }

    /// Two peers die before either hears of the other: what was under way between lives that are over is lost, and on
    /// the books as such.
    @Test func nothingStaysUnderWayBetweenTheDead() throws {
        let (run, outcome) = try run(
            """
            algorithm.name=gosgd
            algorithm.probability=1
            topology.name=ring
            model.targets=[[0.67, -0.41], [-0.04, -0.47], [-1.43, -2.96]]
            steps=99
            seed=1795284376964
            simulation.latency=normal
            simulation.latency_ms=7.0
            simulation.compute_spread=0.5
            simulation.checkpoint_every_ms=107.8
            simulation.detection_ms=88.8
            simulation.faults=[{clock: {peer: 1, by: -94107us}, at: 21565us}, \
            {drop: 0.0991, at: 75648us, for: 65792us}, {duplicate: 0.0386, at: 86503us, for: 67318us}, \
            {crash: 0, at: 118156us, restart_after: 46170us}, \
            {pause: 2, at: 149687us, for: 94626us}, {pause: 2, at: 193419us, for: 102523us}, \
            {crash: 2, at: 225412us, restart_after: 72572us}, {pause: 1, at: 306743us, for: 105256us}, \
            {delay: 0.0249, by: 6818us, at: 455145us, for: 39855us}]
            """)
        #expect(outcome.violations == [] && outcome.ending == .completed)
        #expect(abs(run.world.massInFlight) < 1e-9)
        #expect(abs(try #require(outcome.summary.weightMass) + (try #require(outcome.lostMass)) - 1) < 1e-9)
    }

    /// A straggler hears shares of rounds that it has not made; added at once they would leave it next to no weight.
    @Test func aStragglerKeepsItsWeight() throws {
        let (run, outcome) = try run(
            """
            algorithm.name=osgp
            algorithm.staleness=3
            topology.name=directed-ring
            model.targets=[[-1.37, 0.71], [-1.75, -0.81], [1.61, 2.75], [-2.95, 1.95], [0.04, 2.85], [-1.59, -0.14], \
            [0.17, -1.96], [-1.15, 2.43]]
            steps=65
            seed=1795284376025
            simulation.latency=normal
            simulation.latency_ms=0.4
            simulation.bandwidth_mbit=1000
            simulation.loss=0.05
            simulation.compute_spread=0
            stragglers={1: 3}
            """)
        #expect(outcome.violations == [] && outcome.ending == .completed)
        #expect(abs(run.world.massInFlight) < 1e-9)
        let models = try #require(outcome.summary.models)
        #expect(models.allSatisfy { $0.allSatisfy { abs($0) < 10 } }, "\(models)")
    }

    /// Repetitions at a fixed pace are more than a slow link carries, and nothing else gets through any more.
    @Test func repetitionsLeaveRoomOnASlowLink() throws {
        let (_, outcome) = try run(
            """
            algorithm.name=allreduce
            model.curvature=0
            model.targets=[[2.0, 1.49], [-0.35, -2.69], [-2.1, 0.18], [-0.11, -0.68], [0.66, 0.45], [-1.26, -0.36], \
            [1.32, 2.14], [-0.19, -1.9], [1.09, 2.13], [2.55, -0.51], [1.38, 1.53], [0.36, -0.25]]
            steps=71
            seed=1795284380077
            simulation.latency_ms=0.3
            simulation.bandwidth_mbit=1
            simulation.compute_spread=0.5
            simulation.faults=[{reorder: 0.1902, at: 3898us, for: 43047us}, \
            {delay: 0.0376, by: 9800us, at: 28215us, for: 89206us}, \
            {delay: 0.0657, by: 429us, at: 142829us, for: 20360us}, {clock: {peer: 2, by: -34007us}, at: 197329us}, \
            {pause: 5, at: 203355us, for: 21346us}, {reorder: 0.4514, at: 218226us, for: 72712us}, \
            {pause: 5, at: 241578us, for: 101660us}, {pause: 11, at: 320410us, for: 34590us}]
            """)
        #expect(outcome.violations == [] && outcome.ending == .completed)
        #expect(outcome.stepsMin == 71)
    }
}
