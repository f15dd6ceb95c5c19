import Conditions
import Configuration
import Datasets
import Experiments
import Foundation
import Gossip
import Graphs
import Randomness
import Records
import Runs
import Simulator
import Testing
import Training

@testable import SimulatedTraining

/// Peers that are not there at first.
@Suite struct JoiningTests {
    private func plan(_ overrides: [String]) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    private let quadratic = [
        "model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "steps=60", "optimizer.name=sgd",
        "optimizer.learning_rate=0.1",
    ]

    private func outcome(_ overrides: [String]) throws -> (SimulatedRun, SimulationOutcome) {
        let run = try SimulatedRun(plan(quadratic + overrides))
        return (run, try run.run())
    }

    /// Whenever one joins, before the first gradient or after everybody's last: nothing is added to the whole.
    @Test(arguments: ["gosgd", "sgp"], [1, 17, 103, 604, 2_000])
    func theWholeStays(algorithm: String, milliseconds: Int) throws {
        for topology in ["complete", "ring", "one-peer-exponential"] {
            let (run, outcome) = try outcome([
                "algorithm.name=\(algorithm)", "topology.name=\(topology)", "simulation.loss=0.1",
                "simulation.faults=[{join: 2, at: \(milliseconds)ms}]",
            ])
            #expect(outcome.ending == .completed && outcome.violations == [])
            #expect(outcome.statistics.joins == 1 && outcome.peers.count == 4)
            let whole = algorithm == "gosgd" ? 1.0 : 3
            #expect(abs(try #require(outcome.summary.weightMass) - whole) < 1e-9)
            #expect(abs(run.world.massInFlight) < 1e-9)
        }
    }

    /// The joiner begins with its donor's model, and not with the one that it was made with.
    @Test(arguments: ["gosgd", "sgp"]) func theJoinerBeginsAsItsDonor(algorithm: String) throws {
        let (_, outcome) = try outcome([
            "algorithm.name=\(algorithm)", "topology.name=complete", "model.curvature=0",
            "model.start=[[1], [1], [-500], [1]]", "simulation.faults=[{join: 2, at: 200ms}]",
        ])
        for model in try #require(outcome.summary.models) { #expect(abs(model[0] - 1) < 1e-6) }
    }

    /// Peers that wait for each other take the joiner into their rounds, and come to the mean of all four minima.
    @Test func sgpCountsTheJoinersSamples() throws {
        let (_, outcome) = try outcome([
            "algorithm.name=sgp", "topology.name=complete", "steps=200", "simulation.faults=[{join: 3, at: 300ms}]",
        ])
        for model in try #require(outcome.summary.models) { #expect(abs(model[0] - 4) < 0.02) }
    }

    /// 200 worlds an algorithm: several join, links lose and delay, and others die.
    @Test(arguments: ["gosgd", "sgp"], 0..<4) func inManyWorlds(algorithm: String, quarter: Int) throws {
        for seed in (quarter * 50)..<(quarter * 50 + 50) {
            var random = RandomStream(seed: UInt64(seed), purpose: .test)
            let peers = 3 + random.integer(below: 6)
            let order = random.permutation(of: peers)
            let joins = (0..<(1 + random.integer(below: peers - 2))).map { place in
                "{join: \(order[place]), at: \(1 + random.integer(below: 700))ms}"
            }
            // Only one of those who are there from the beginning dies: half of the founders and more stay.
            let hasCrash = joins.count + 2 < peers && random.bernoulli(0.5)
            let crash = hasCrash ? ["{crash: \(order[peers - 1]), at: \(1 + random.integer(below: 700))ms}"] : []
            let pauses = ["{pause: \(order[peers - 2]), at: 40ms, for: \(1 + random.integer(below: 200))ms}"]
            let targets = (0..<peers).map { _ in [random.integer(below: 10)] }
            let overrides = [
                "model.name=quadratic", "model.targets=\(targets)", "optimizer.name=sgd",
                "optimizer.learning_rate=0.1", "steps=50", "algorithm.name=\(algorithm)", "topology.name=complete",
                "simulation.latency=heavy-tailed", "simulation.latency_ms=\(1 + random.integer(below: 9))",
                "simulation.loss=\(["0", "0.1", "0.2"][random.integer(below: 3)])", "simulation.seed=\(seed)",
                "simulation.detection_ms=30", "simulation.faults=[\((joins + crash + pauses).joined(separator: ", "))]",
            ]
            let run = try SimulatedRun(plan(overrides))
            let outcome = try run.run()
            let told: Comment = "\(outcome.violations.first?.what ?? "") \(overrides.joined(separator: " "))"
            #expect(outcome.violations == [] && outcome.ending == .completed, told)
            #expect(outcome.statistics.joins == joins.count, told)
            let whole = algorithm == "gosgd" ? 1 : Double(peers - joins.count)
            let kept = try #require(outcome.summary.weightMass) + (outcome.lostMass ?? 0) - (outcome.madeMass ?? 0)
            #expect(abs(kept - whole) < 1e-9 * whole && abs(run.world.massInFlight) < 1e-9, told)
            for model in try #require(outcome.summary.models) { #expect((0...9).contains(model[0]), told) }
        }
    }

    /// Where the graph leads from every peer to every other only with those who come later: they wait for each other
    /// and come in together, or, once the others have made their steps, without any.
    @Test(arguments: ["directed-ring", "ring", "star", "chain", "exponential", "one-peer-exponential"])
    func onGraphsThatAreCutWithoutThem(topology: String) throws {
        var (runs, late) = (0, 0)
        for seed in 0..<60 {
            var random = RandomStream(seed: UInt64(seed), purpose: .test)
            let peers = 3 + random.integer(below: 5)
            let order = random.permutation(of: peers)
            let founders = 1 + random.integer(below: peers - 1)
            let joins = order[founders...].map { "{join: \($0), at: \(1 + random.integer(below: 500))ms}" }
            let hasCrash = random.bernoulli(0.3)
            let crash = hasCrash ? ["{crash: \(order[0]), at: \(600 + random.integer(below: 100))ms}"] : []
            let overrides = [
                "model.name=quadratic", "model.targets=\((0..<peers).map { [$0] })", "optimizer.name=sgd",
                "optimizer.learning_rate=0.05", "steps=60", "algorithm.name=sgp", "topology.name=\(topology)",
                "simulation.seed=\(seed)", "simulation.loss=\(random.bernoulli(0.5) ? 0 : 0.1)",
                "simulation.detection_ms=30", "simulation.faults=[\((joins + crash).joined(separator: ", "))]",
            ]
            guard let plan = try? plan(overrides) else { continue }
            runs += 1
            let run = try SimulatedRun(plan)
            let outcome = try run.run()
            let told: Comment = "\(outcome.violations.first?.what ?? "") \(overrides.joined(separator: " "))"
            #expect(outcome.violations == [], told)
            if let reason = outcome.abandonment {
                #expect(hasCrash && (reason.contains("no longer leads") || reason.contains("nobody is there")), told)
                continue
            }
            #expect(outcome.ending == .completed && outcome.statistics.joins == joins.count, told)
            late += outcome.joiners.count
            let kept = try #require(outcome.summary.weightMass) + (outcome.lostMass ?? 0) - (outcome.madeMass ?? 0)
            #expect(abs(kept - Double(founders)) < 1e-9 * Double(peers), told)
            for model in try #require(outcome.summary.models) { #expect(model[0].magnitude < 100, told) }
        }
        #expect(runs >= 10 && late >= 10)
    }

    /// The two worlds in which it was found: one waited forever, the other came to NaN.
    @Test func theFoundOnes() throws {
        let (_, waiting) = try outcome([
            "algorithm.name=sgp", "topology.name=directed-ring", "model.targets=[[0],[1],[2],[3],[4]]", "steps=40",
            "simulation.seed=328",
            "simulation.faults=[{join: 4, at: 220ms}, {join: 2, at: 100ms}, "
                + "{join: 3, at: 260ms}, {join: 1, at: 280ms}]",
        ])
        #expect(waiting.violations == [] && waiting.ending == .completed && waiting.stepsMax == 40)
        // All came in together when the last of them was there.
        #expect(Set(waiting.joiners.map(\.steps)).count == 1 && waiting.joiners.map(\.peer) == [1, 2, 3, 4])
        #expect(waiting.stepsMin > 0)
        let (_, late) = try outcome([
            "algorithm.name=sgp", "topology.name=directed-ring", "optimizer.learning_rate=0.05",
            "simulation.faults=[{join: 1, at: 560ms}, {join: 2, at: 300ms}, {join: 0, at: 920ms}]",
        ])
        #expect(late.violations == [] && late.ending == .completed)
        #expect(late.joiners.map(\.steps) == [0, 0, 0] && late.joiners.map(\.peer) == [0, 1, 2])
    }

    /// Joiners whose only founder is down do not wait for each other; it is asked again when it is back.
    @Test func noNewcomerWaitsForAnother() throws {
        let faults = "{join: 1, at: 23ms}, {join: 2, at: 17ms}, {join: 3, at: 9ms}"
        for restart in [", restart_after: 11ms", ""] {
            let (run, outcome) = try outcome([
                "algorithm.name=gosgd", "steps=3", "simulation.compute_spread=0",
                "simulation.faults=[\(faults), {crash: 0, at: 10ms\(restart)}]",
            ])
            #expect(outcome.violations == [] && outcome.ending == .completed && outcome.stepsMin == 3)
            let shares = (1...3).map { run.world.algorithm(of: PeerID($0)).invariants[0].held }
            #expect(shares.allSatisfy { restart.isEmpty ? $0 == 0 : $0 > 0 }, "\(shares)")
        }
        // With its only founder the whole is gone: there is nothing to join.
        let (_, outcome) = try outcome([
            "algorithm.name=sgp", "topology.name=complete", "simulation.detection_ms=5",
            "simulation.faults=[\(faults), {crash: 0, at: 10ms}]",
        ])
        #expect(outcome.violations == [] && (outcome.abandonment ?? "").contains("nobody is there whom peer"))
    }

    /// Donors that die, come back, or are joiners themselves; and one that dies while it waits. Each had left a
    /// joiner waiting forever, or alone although others lived.
    @Test(arguments: [
        ("gosgd", "{crash: 0, at: 100ms, restart_after: 50ms}, {join: 3, at: 2s}"),
        ("gosgd", "{join: 3, at: 100ms}, {crash: 0, at: 99ms}, {crash: 1, at: 99500us}"),
        ("sgp", "{join: 3, at: 100ms}, {crash: 1, at: 250ms}, {crash: 2, at: 260ms}, {join: 0, at: 500ms}"),
    ])
    func aJoinerFindsADonor(algorithm: String, faults: String) throws {
        let options = algorithm == "gosgd" ? ["algorithm.probability=0"] : []
        let (run, outcome) = try outcome(
            [
                "algorithm.name=\(algorithm)", "topology.name=complete", "steps=100", "simulation.faults=[\(faults)]",
            ] + options)
        #expect(outcome.ending == .completed && outcome.violations == [])
        #expect(abs(run.world.massInFlight) < 1e-9)
        #expect(try #require(run.world.algorithm(of: 3).invariants.first).held > 0)
    }

    @Test func oneThatDiesWhileItWaitsAsksAgain() throws {
        let (run, outcome) = try outcome([
            "algorithm.name=gosgd", "algorithm.probability=0", "topology.name=complete", "steps=100",
            "simulation.checkpoint_every_ms=1", "simulation.latency_ms=20",
            "simulation.faults=["
                + "{crash: 0, at: 90ms}, {join: 3, at: 100ms}, {crash: 3, at: 110ms, restart_after: 100ms}]",
        ])
        #expect(outcome.ending == .completed && outcome.violations == [])
        #expect(
            try #require(run.world.algorithm(of: 3).invariants.first).held > 0 && abs(run.world.massInFlight) < 1e-9)
    }

    /// Models are tested by the rounds that they were made in; those before a joiner's first one without it.
    @Test func testsGoOnWithAJoiner() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MetricsWriter("\(folder)/metrics.jsonl")
        let overrides = [
            "model.name=softmax", "data.name=synthetic", "data.samples=64", "peers=4", "batch=4", "epochs=10",
            "evaluate.every_epochs=1", "algorithm.name=sgp", "topology.name=complete",
            "simulation.faults=[{join: 3, at: 100ms}]",
        ]
        _ = try SimulatedRun(plan(overrides), metrics: writer).run()
        try writer.close()
        let lines = try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8).split(separator: "\n")
        let tests = lines.filter { $0.contains(#""split":"test""#) }
        func count(_ peer: String) -> Int { tests.filter { $0.contains("\"peer\":\(peer),") }.count }
        #expect(count("0") == 10 && count("null") == 10)
        #expect((1..<10).contains(count("3")), "\(lines)")
    }

    @Test func aWorldWithJoinersIsAFunctionOfItsSeed() throws {
        let overrides = [
            "algorithm.name=sgp", "topology.name=complete", "simulation.loss=0.1",
            "simulation.faults=[{join: 2, at: 90ms}, {join: 0, at: 110ms}]",
        ]
        let (first, second) = (try outcome(overrides).1, try outcome(overrides).1)
        #expect(first.digest == second.digest && first.summary.models == second.summary.models)
    }

    private func complaint(_ overrides: [String]) -> String {
        do {
            _ = try plan(quadratic + overrides)
            return ""
        } catch { return "\(error)" }
    }

    @Test func whatCannotBeIsRefused() {
        let join = "simulation.faults=[{join: 2, at: 1s}]"
        #expect(
            complaint(["algorithm.name=dpsgd", "topology.name=ring", join]).contains(
                "simulation.faults[0]: dpsgd takes in nobody who joins later; those that do are gosgd, sgp"))
        #expect(
            complaint(["algorithm.name=sgp", "topology.name=chain", join]).contains(
                "sgp: without the peers that join later, topology 'chain' does not lead from every peer to every other")
        )
        #expect(
            complaint(["algorithm.name=gosgd", "simulation.faults=[{crash: 2, at: 1s}, {join: 2, at: 3s}]"])
                .contains("simulation.faults[1]: peer 2 is down from 1s on and cannot join at 3s"))
        #expect(
            complaint(["algorithm.name=gosgd", "simulation.faults=[{join: 2, at: 0s}]"])
                .contains("peer 2 joins at 0s and is there from the beginning"))
        #expect(
            complaint([
                "algorithm.name=gosgd",
                "simulation.faults=[{join: 0, at: 1s}, {join: 1, at: 1s}, {join: 2, at: 1s}, {join: 3, at: 2s}]",
            ]).contains("simulation.faults[3]: no learner is there at the beginning: all join later"))
    }
}
