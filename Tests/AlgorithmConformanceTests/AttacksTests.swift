import Configuration
import Datasets
import Records
import Runs
import SimulatedTraining
import Testing

@testable import Experiments
@testable import Training

/// Runs with byzantine peers, on threads and in virtual time.
@Suite struct AttacksTests {
    private func plan(_ algorithm: String, _ overrides: String...) throws -> TrainingPlan {
        let quadratic = [
            "algorithm.name=\(algorithm)", "model.name=quadratic",
            "model.targets=[[1, -1], [2, 0], [4, 5], [9, 2], [3, 3]]", "model.noise=0.5", "steps=30",
            "optimizer.learning_rate=0.1",
        ]
        return try TrainingPlan(
            LoadedExperiment(file: nil, overrides: quadratic + overrides, registries: .all),
            places: DataPlaces(collection: nil, home: nil))
    }

    private static let attacks = [
        "nan", "scale", "scale, factor: -1.5", "sign-flip", "replay", "noise, deviation: 0.1", "free-rider",
    ]
    private static let ofOthers = ["alie", "alie, z: 1.5", "ipm, epsilon: 0.5", "dissensus"]

    private func faults(_ attack: String) -> String {
        "simulation.faults=[{byzantine: {peer: 1, kind: \(attack)}}, {byzantine: {peer: 4, kind: sign-flip}}]"
    }

    private func expectTheSame(_ plan: TrainingPlan) throws {
        let threads = try #require(TrainingRun(plan, metrics: nil).run().summary.models)
        let simulated = try #require(SimulatedRun(plan).run().summary.models)
        #expect(threads.count == 5)
        for (model, other) in zip(threads, simulated) {
            for (number, wanted) in zip(model, other) { #expect(number == wanted || (number.isNaN && wanted.isNaN)) }
        }
    }

    @Test(arguments: attacks + ofOthers, ["dpsgd", "gradient-tracking"])
    func theSameBitsOnThreads(attack: String, algorithm: String) throws {
        for topology in ["complete", "ring"] {
            try expectTheSame(plan(algorithm, "topology.name=\(topology)", faults(attack)))
        }
    }

    @Test(arguments: attacks) func theSameBitsInExactAverages(attack: String) throws {
        try expectTheSame(plan("local-sgd", "algorithm.period=3", faults(attack)))
    }

    /// A directed ring, where who is heard may be many rounds ahead.
    @Test(arguments: ofOthers.filter { $0 != "dissensus" }) func theSameBitsWhoeverIsAhead(attack: String) throws {
        try expectTheSame(plan("sgp", "topology.name=directed-ring", faults(attack)))
    }

    @Test func testsAreOfTheHonest() throws {
        let plan = try plan(
            "dpsgd", "topology.name=ring", "simulation.faults=[{byzantine: {peer: 1, kind: scale, factor: 100}}]",
            "model.curvature=0", "model.noise=0", "model.start=[[1, 1], [9, 9], [1, 1], [1, 1], [1, 1]]", "steps=1")
        let (threads, simulated) = (try TrainingRun(plan, metrics: nil).run(), try SimulatedRun(plan).run())
        for summary in [threads.summary, simulated.summary] {
            #expect(summary.byzantinePeers == [1])
            let peers = try #require(summary.perPeer)
            #expect(peers.map { $0.loss != nil } == [true, false, true, true, true])
            let models = try #require(summary.models)
            let honest = [0, 2, 3, 4].map { models[$0][0] }
            let mean = honest.reduce(0, +) / 4
            let squares = honest.reduce(0) { $0 + 2 * ($1 - mean) * ($1 - mean) }
            #expect(abs(try #require(summary.consensusDistance) - (squares / 4).squareRoot()) < 1e-3 * mean)
        }
        #expect(threads.summary.consensusDistance == simulated.summary.consensusDistance)
        let honest = try TrainingRun(self.plan("dpsgd", "topology.name=ring"), metrics: nil).run().summary
        #expect(honest.byzantinePeers == nil)
    }

    @Test func whereAllHonestHaveDied() throws {
        let plan = try plan(
            "gosgd", "topology.name=complete", "algorithm.probability=0.5", "steps=2000",
            "simulation.faults=[{byzantine: {peer: 0, kind: replay}}, {crash: 1, at: 1ms}, {crash: 2, at: 1ms}, "
                + "{crash: 3, at: 1ms}, {crash: 4, at: 1ms}]", "simulation.detection_ms=1")
        #expect(try TrainingRun(plan, metrics: nil).run().ending == .completed)
        #expect(try SimulatedRun(plan).run().violations.isEmpty)
    }

    @Test(arguments: [
        ("allreduce", "ipm", "under allreduce none come"), ("gosgd", "dissensus", "gosgd has none"),
        ("dpsgd", "label-flip", "label-flip needs samples of classes"),
    ])
    func whatIsNoAttackIsRefused(algorithm: String, attack: String, words: String) throws {
        let error = #expect(throws: (any Error).self) {
            try plan(algorithm, "simulation.faults=[{byzantine: {peer: 1, kind: \(attack)}}]")
        }
        #expect(error.map { "\($0)".contains(words) && "\($0)".contains("simulation.faults[0]") } == true)
    }
}
