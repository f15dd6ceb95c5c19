import Conditions
import Configuration
import Datasets
import Experiments
import Gossip
import Graphs
import Records
import Runs
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
        let (lost, made) = (try #require(outcome.lostMass), try #require(outcome.madeMass))
        #expect(abs(try #require(outcome.summary.weightMass) + lost - made - 1) < 1e-9 && lost >= 0 && made >= 0)
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

    /// On a link that carries little a frame's header and its acknowledgement take their time, too, and what was sent
    /// before: where nothing is lost, next to nothing is sent again, whatever the model's size.
    @Test(arguments: [1, 1_000, 8_000], ["allreduce", "gosgd", "dpsgd", "sgp"])
    func nothingIsSentAgainInVain(size: Int, algorithm: String) throws {
        let targets = (0..<6).map { "[" + [String](repeating: "\($0)", count: size).joined(separator: ", ") + "]" }
        for bandwidth in ["0.01", "1"] {
            let own = ["gosgd": "algorithm.probability=1", "allreduce": "threads_per_peer=1"]
            let settings = """
                algorithm.name=\(algorithm)
                \(own[algorithm] ?? "topology.name=ring")
                model.targets=[\(targets.joined(separator: ", "))]
                steps=10
                simulation.compute_spread=0
                simulation.bandwidth_mbit=\(bandwidth)
                """
            let patient = try run(settings + "\nsimulation.loss=1e-9").outcome
            let quiet = try run(settings).outcome
            #expect(patient.violations == [] && patient.ending == .completed)
            #expect(patient.statistics.messages == quiet.statistics.messages, "\(bandwidth) Mbit/s")
            #expect(patient.virtualSeconds < 1.5 * quiet.virtualSeconds)
        }
    }

    /// A peer that is down when its checkpoint is due is saved on when it is back: what it does then is not all lost
    /// when it dies again.
    @Test func aPeerThatWasDownIsSavedOn() throws {
        let (run, outcome) = try run(
            """
            algorithm.name=gosgd
            model.targets=[[1], [2], [4], [9]]
            steps=600
            simulation.compute_spread=0
            simulation.faults=[{crash: 1, at: 950ms, restart_after: 100ms}, {crash: 1, at: 5s, restart_after: 100ms}]
            """)
        #expect(outcome.violations == [] && outcome.ending == .completed)
        // 600 steps of 10 ms, 0.2 s down, and at most a second of work lost at each of two crashes.
        #expect(run.world.lastStepAt(of: 1).seconds < 8.3)
        #expect(try #require(outcome.madeMass) >= 0 && (try #require(outcome.lostMass)) >= 0)
    }

    /// A peer that comes back with what it had given away makes mass, and does not lose a negative amount.
    @Test func massThatAReturnMakesHasItsOwnName() throws {
        var most = 0.0
        for seed in 0..<8 {
            let (_, outcome) = try run(
                """
                algorithm.name=gosgd
                algorithm.probability=1
                model.targets=[[1], [2], [4], [9]]
                steps=40
                seed=\(seed)
                simulation.checkpoint_every_ms=10000
                simulation.faults=[{crash: 1, at: 200ms, restart_after: 50ms}, \
                {crash: 2, at: 210ms, restart_after: 9ms}]
                """)
            let (lost, made) = (try #require(outcome.lostMass), try #require(outcome.madeMass))
            #expect(outcome.violations == [] && lost >= 0 && made >= 0)
            #expect(abs(try #require(outcome.summary.weightMass) + lost - made - 1) < 1e-9)
            most = max(most, made)
        }
        #expect(most > 0.1)
    }

    /// What is sent again to a peer that sleeps for a day waits once, and is sent ever more seldom.
    @Test func aDaysPauseIsNoStorm() throws {
        let (_, outcome) = try run(
            """
            algorithm.name=gosgd
            algorithm.probability=1
            model.targets=[[1], [2], [4], [9]]
            steps=30
            simulation.faults=[{pause: 1, at: 0s, for: 24h}]
            """)
        #expect(outcome.violations == [] && outcome.ending == .completed && outcome.stepsMin == 30)
        #expect(outcome.statistics.delivered < 400, "\(outcome.statistics.delivered)")
        #expect(outcome.statistics.messages < 300_000, "\(outcome.statistics.messages)")
    }

    /// What each alone may be and all together may not, and times that 64 bits of nanoseconds do not count.
    @Test(arguments: [
        ("{pause: 1, at: 999999999s, for: 2s}", "at and for lead to a moment behind 1000000000s"),
        ("{crash: 1, at: 999999999s, restart_after: 1000000000s}", "at and restart_after lead to a moment behind"),
        ("{clock: {peer: 1, by: 600000000s}, at: 1s}", "the clock of peer 1 jumps by more than 1000000000s in all"),
        ("{clock: {peer: 1, by: -600000000s}, at: 1s}", "the clock of peer 1 jumps by more than 1000000000s in all"),
        ("{delay: 0.1, by: 600000000s}", "the delays add up to more than 1000000000s"),
        ("{slow: {peer: 3, factor: 2000}}", "the factors of peer 3 multiply to more than 1000000000"),
    ])
    func whatAddsUpToTooMuchIsRefused(fault: String, sentence: String) throws {
        let list = [String](repeating: fault, count: 10).joined(separator: ", ")
        #expect {
            try run("model.targets=[[1], [2], [4], [9]]\nsimulation.faults=[\(list)]")
        } throws: {
            "\($0)".contains(sentence)
        }
    }

    /// Extremes of times and losses end well, or are refused before anything begins.
    @Test(arguments: [
        ("simulation.compute_ms=1.0e10", "s of virtual time"), ("simulation.latency_ms=1.0e10", "s of virtual time"),
        ("simulation.loss=0.9999", "s of virtual time"),
        ("simulation.faults=[{delay: 1, by: 1000000000s}]", "s of virtual time"),
        ("simulation.faults=[{slow: {peer: 1, factor: 1000000}}]\nsimulation.compute_ms=1000", nil),
        ("simulation.faults=[{slow: {peer: 1, factor: 1000000}}, {slow: {peer: 1, factor: 1000}}]", "times as slow"),
        ("simulation.latency=heavy-tailed\nsimulation.latency_spread=1.0e-160", nil),
        ("simulation.latency=heavy-tailed\nsimulation.latency_spread=10\nsimulation.latency_ms=10000", nil),
        ("simulation.loss=0.95", nil), ("simulation.faults=[{clock: {peer: 1, by: -1000000000s}, at: 1ms}]", nil),
        ("simulation.faults=[{slow: {peer: 1, factor: 500}}, {slow: {peer: 1, factor: 2000}}]", nil),
        ("algorithm.name=fedavg\nalgorithm.local_epochs=3000\nsimulation.compute_ms=1000", nil),
        ("algorithm.name=grsgd\nalgorithm.chunks=20000", nil),
        ("simulation.faults=[{random: {seed: 1, per_hour: 1000000}}]\nsimulation.compute_ms=1000000", "some "),
    ])
    func extremesAreRefusedOrEndWell(settings: String, refusal: String?) throws {
        let algorithm = settings.contains("algorithm.name") ? "" : "algorithm.name=dpsgd\ntopology.name=ring\n"
        let common = "model.targets=[[1], [2], [4], [9]]\nsteps=10\n" + algorithm
        if let refusal {
            #expect {
                try run(common + settings)
            } throws: {
                $0 is ConfigurationError && "\($0)".contains(refusal)
            }
        } else {
            let (_, outcome) = try run(common + settings)
            #expect(outcome.violations == [] && outcome.ending == .completed, "\(outcome.violations)")
        }
    }

    /// What heals in years is drawn for as long as the run may well last.
    @Test func faultsAreDrawnAsFarAsARunMayGet() throws {
        let (run, outcome) = try run(
            """
            algorithm.name=gosgd
            model.targets=[[1], [2], [4], [9]]
            steps=5
            simulation.heal_at=1000000000s
            simulation.faults=[{random: {seed: 7, per_hour: 1000000, kinds: [drop, duplicate, slow]}}]
            """)
        #expect(outcome.violations == [] && outcome.ending == .completed)
        #expect((1_000..<10_000).contains(run.settings.faults.faults.count))
    }

    /// A path of 30,000 parts is no key, and no call within 30,000 calls.
    @Test func anEndlessKeyIsRefused() {
        let path = [String](repeating: "a", count: 30_000).joined(separator: ".")
        #expect {
            try run("\(path)=1")
        } throws: {
            "\($0)".contains("no key lies 30000 parts deep") && "\($0)".utf8.count < 200
        }
    }
}
