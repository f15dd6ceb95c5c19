import Conditions
import Configuration
import Datasets
import Experiments
import Foundation
import Gossip
import Records
import Runs
import Simulator
import Testing
import Training
import Vectors

@testable import SimulatedTraining

@Suite struct SimulatedRunTests {
    private func plan(_ overrides: [String]) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    private let quadratic = [
        "model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "steps=40", "optimizer.name=sgd",
        "optimizer.learning_rate=0.1",
    ]

    private let network = [
        "model.name=softmax", "data.name=synthetic", "data.samples=64", "peers=3", "batch=8", "epochs=4",
    ]

    private func run(_ overrides: [String]) throws -> SimulationOutcome { try SimulatedRun(plan(overrides)).run() }

    private let unruly = [
        "simulation.latency=heavy-tailed", "simulation.latency_ms=4", "simulation.loss=0.1",
        "simulation.faults=[{random: {seed: 3, per_hour: 60000, "
            + "kinds: [drop, duplicate, reorder, delay, pause, slow]}}]",
    ]

    /// The same settings give the same run, event for event and bit for bit.
    @Test(arguments: Algorithms.all.map(\.name)) func theSameTwice(name: String) throws {
        let peers = name == "centralized" ? ["model.targets=[[3]]"] : []
        let graph = Algorithms.traits(name).graphUse == .none ? [] : ["topology.name=star"]
        let stages = name == "nettorrent" ? ["algorithm.peers_per_stage=4"] : []
        let overrides = quadratic + ["algorithm.name=\(name)"] + peers + graph + stages + unruly
        let (first, second) = (try run(overrides), try run(overrides))
        #expect(first.digest == second.digest && first.statistics == second.statistics)
        #expect(first.summary.models == second.summary.models)
        let other = try run(overrides + ["simulation.seed=2"])
        #expect(other.digest != first.digest)
    }

    /// Whoever waits for nobody has waited for no nanosecond, and whoever asks a server has.
    @Test func gossipDoesNotWait() throws {
        let spread = quadratic + ["simulation.compute_spread=0.3", "simulation.compute_ms=1.7"]
        let gossip = try run(spread + ["algorithm.name=gosgd"]).summary
        #expect(gossip.waitingSeconds == 0 && gossip.gradientSeconds > 0.1)
        let elastic = try run(spread + ["algorithm.name=aeasgd", "algorithm.period=2"]).summary
        #expect(try #require(elastic.perPeer).allSatisfy { $0.waitingSeconds > 0 })
    }

    /// Written down, so that every build on every machine is held to the same run: integers by the digest, numbers by
    /// the models.
    @Test func theSameOnEveryBuild() throws {
        let outcome = try run(quadratic + unruly + ["algorithm.name=gosgd", "algorithm.probability=0.5"])
        #expect(outcome.digest == "b9e63a4d6490dcc6")
        #expect(outcome.summary.models == [[3.6032326], [4.860413], [3.895591], [8.243849]])
        let lockStep = try run(quadratic + unruly + ["algorithm.name=dpsgd", "topology.name=ring"])
        #expect(lockStep.digest == "544458237ff249c7")
        #expect(lockStep.summary.models == [[3.640573], [3.589006], [4.0318775], [4.502049]])
    }

    /// What a seed came to, given as settings, is the same run.
    @Test func theExpandedSettingsGiveTheSameRun() throws {
        let overrides = quadratic + ["algorithm.name=gosgd", "simulation.seed=7"] + unruly
        let run = try SimulatedRun(plan(overrides))
        #expect(run.settings.faults.faults.count > 1)
        let expanded = run.expandedSettings
        #expect(expanded.contains("simulation.seed=7"))
        let again = try self.run(quadratic + ["algorithm.name=gosgd"] + expanded)
        #expect(try run.run().digest == again.digest)
    }

    /// The run's own seed is not the world's: data and models stay when the world changes.
    @Test func theWorldHasASeedOfItsOwn() throws {
        let first = try run(network + ["algorithm.name=allreduce", "simulation.seed=1"])
        let second = try run(network + ["algorithm.name=allreduce", "simulation.seed=2"])
        #expect(first.digest != second.digest)
        #expect(first.model.array() == second.model.array())
    }

    @Test func aNetworkLearnsAndIsTested() throws {
        let outcome = try run(network + ["algorithm.name=dpsgd", "topology.name=ring", "optimizer.learning_rate=0.1"])
        #expect(outcome.ending == .completed && outcome.violations == [])
        #expect(outcome.stepsMin == 12 && outcome.stepsMax == 12)
        #expect(try #require(outcome.summary.testAccuracy.consensus) > 0.5)
        #expect(outcome.peers.count == 3)
        #expect(outcome.summary.samplesSeen == outcome.summary.perPeer?.map(\.samples).reduce(0, +))
        #expect(outcome.virtualSeconds > 0.1 && outcome.summary.trainSeconds == outcome.virtualSeconds)
        #expect(outcome.statistics.messages == outcome.statistics.delivered)
    }

    /// The metrics of a run, a line a record.
    private func metrics(_ overrides: [String]) throws -> [Substring] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MetricsWriter("\(folder)/metrics.jsonl")
        let plan = try plan(network + ["algorithm.name=gosgd"] + overrides)
        _ = try SimulatedRun(plan, metrics: writer).run()
        try writer.close()
        return try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8).split(separator: "\n")
    }

    private func consensusSteps(_ lines: [Substring]) -> [Int] {
        lines.filter { $0.contains(#""kind":"consensus""#) }
            .compactMap { $0.firstMatch(of: /"step":([0-9]+)/).flatMap { Int($0.1) } }
    }

    /// Tests that go by time wait for nobody: all models are tested as they are at that moment, also where one peer is
    /// far behind, and a target ends the run.
    @Test func testsGoByTimeWhereAsked() throws {
        let slow = ["simulation.faults=[{slow: {peer: 1, factor: 10}}]", "simulation.test_every_ms=20"]
        let lines = try metrics(slow)
        let times = lines.filter { $0.contains(#""kind":"consensus""#) }
            .compactMap { $0.firstMatch(of: /"time":([0-9.]+)/).flatMap { Double($0.1) } }
        #expect(times.dropLast().allSatisfy { ($0 / 0.02 - ($0 / 0.02).rounded()).magnitude < 1e-6 } && times.count > 5)
        let steps = consensusSteps(lines)
        #expect(steps == steps.sorted() && Set(steps).count == times.count)
        let target = ["evaluate.target_accuracy=0.12", "evaluate.stop_at_target=true"]
        let summary = try run(network + ["algorithm.name=gosgd"] + slow + target).summary
        let second = try #require(summary.timeToTargetSeconds)
        #expect(second < 0.9 && summary.ending == .targetReached && summary.samplesSeen < 256)
    }

    /// What the batches came to is recorded as on threads: a line a peer and stretch of steps, and each sample once.
    @Test func batchesAreRecorded() throws {
        let lines = try metrics(["steps=7"]).filter { $0.contains(#""split":"train""#) }
        #expect(lines.count == 3 * 7)
        #expect(lines.allSatisfy { $0.contains(#""learning_rate":"#) && $0.contains(#""accuracy":"#) })
    }

    /// With metrics models are tested on the way, by the step they belong to.
    @Test func metricsAreThoseOfTheWay() throws {
        let lines = try metrics([])
        #expect(consensusSteps(lines) == [3, 6, 9, 12])
        #expect(lines.filter { $0.contains(#""peer":null"#) }.count == 4)
    }

    /// The dead hand in nothing more; the others are tested without them.
    @Test func metricsGoOnAfterACrash() throws {
        let all = try metrics(["simulation.faults=[{crash: 1, at: 45ms}]"])
        #expect(consensusSteps(all) == [3, 6, 9, 12])
        let lines = all.filter { $0.contains(#""split":"test""#) }
        #expect(lines.filter { $0.contains(#""peer":1,"#) }.count == 1)
        #expect(lines.filter { $0.contains(#""peer":2,"#) }.count == 4)
    }

    @Test func aTargetEndsTheRun() throws {
        let outcome = try run(
            network + [
                "algorithm.name=gosgd", "evaluate.target_accuracy=0.2", "evaluate.stop_at_target=true", "epochs=40",
                "optimizer.learning_rate=0.1",
            ])
        #expect(outcome.ending == .targetReached)
        #expect(outcome.stepsMax < 107)
    }

    /// Whoever gives up says why; that is no broken promise.
    @Test func anAlgorithmThatPromisesNothingGivesUp() throws {
        let outcome = try run(quadratic + ["algorithm.name=allreduce", "simulation.faults=[{crash: 1, at: 50ms}]"])
        #expect(try #require(outcome.abandonment).contains("allreduce cannot go on: peer 1 is gone"))
        #expect(outcome.violations == [])
    }

    /// Where nothing gets through, the run ends at its deadline.
    @Test func aRunThatCannotEndIsEnded() throws {
        let outcome = try run(
            quadratic + ["algorithm.name=dpsgd", "topology.name=ring", "steps=3", "simulation.faults=[{drop: 1}]"])
        #expect(try #require(outcome.violations.first).what.contains("is not done within"))
    }

    /// The dead count no more: neither in the average nor in the mass, which is counted as lost.
    @Test func theDeadAreLeftOut() throws {
        let outcome = try run(
            quadratic + [
                "algorithm.name=gosgd", "algorithm.probability=0.5", "steps=200",
                "simulation.faults=[{crash: 3, at: 300ms}]",
            ])
        #expect(outcome.ending == .completed && outcome.violations == [])
        let lost = try #require(outcome.lostMass)
        #expect(lost > 0)
        #expect(abs(try #require(outcome.summary.weightMass) + lost - 1) < 1e-12)
        #expect(outcome.stepsMin == 200 && outcome.peers.count == 3)
    }

    /// A planted mistake is told with its time and the events before it.
    @Test func aBrokenPromiseIsTold() throws {
        let plan = try plan(quadratic + ["algorithm.name=gosgd", "algorithm.probability=0.5"])
        let run = try SimulatedRun(plan, wrapping: { algorithm, _ in Forgetful(algorithm: algorithm) })
        let violation = try #require(try run.run().violations.first)
        #expect(violation.what.hasPrefix("mass is "))
        #expect(!violation.recent.isEmpty && violation.time > .zero)
    }

    @Test func theOutcomeHasTheKeysOfTheContract() throws {
        let json = try run(quadratic + ["algorithm.name=gosgd"]).json
        guard case .object(let fields) = json else { preconditionFailure("an outcome is an object") }
        #expect(Set(fields.map(\.key)).count == fields.count, "a key comes twice")
        let text = json.text
        let keys = [
            "virtual_seconds", "events", "messages", "delivered", "dropped", "violations", "steps_min", "steps_max",
            "peer_steps_per_second", "peak_memory_bytes", "consensus_distance", "weight_mass", "schedule_digest",
            "models",
            "loss",
        ]
        for key in keys { #expect(text.contains("\"\(key)\":"), "\(key)") }
    }
}

/// An algorithm that says it holds less than it does, once it has sent something.
private struct Forgetful: Algorithm {
    static var description: Description { Description(name: "forgetful", summary: "", options: []) }
    var algorithm: any Algorithm
    var hasSent = false

    init(algorithm: any Algorithm) { self.algorithm = algorithm }
    init(_ setup: Setup, options: Options) { preconditionFailure("made by hand") }
    init(from decoder: any Decoder) throws { preconditionFailure("never saved") }
    func encode(to encoder: any Encoder) throws { preconditionFailure("never saved") }

    var evaluated: Term { algorithm.evaluated }
    var invariants: [Invariant] {
        algorithm.invariants.map {
            Invariant(name: $0.name, total: $0.total, held: hasSent ? $0.held * 0.999 : $0.held)
        }
    }

    mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        algorithm.handle(event, now: now, &effects)
        if case .delivered = event { hasSent = true }
    }
}
