import Checkpoints
import Configuration
import Datasets
import Foundation
import Gossip
import Runs
import TestKit
import Testing

@testable import Experiments
@testable import Records
@testable import Training

/// Runs on threads in which things go wrong. What goes wrong begins with the run or soon after, and the runs are long
/// enough that nothing depends on how fast the machine is.
@Suite struct RunFaultsTests {
    private static let targets = "model.targets=[[1, -1], [2, 0], [4, 5], [9, 2]]"

    private func plan(_ algorithm: String, steps: Int = 2000, _ overrides: String...) throws -> TrainingPlan {
        let quadratic =
            [
                "model.name=quadratic", Self.targets, "model.noise=0.5", "steps=\(steps)",
                "algorithm.name=\(algorithm)",
                "optimizer.learning_rate=0.01", "simulation.detection_ms=1", "epochs=1",
            ] + (Algorithms.traits(algorithm).graphUse == .none ? [] : ["topology.name=ring"])
        return try TrainingPlan(
            LoadedExperiment(file: nil, overrides: quadratic + overrides, registries: .all),
            places: DataPlaces(collection: nil, home: nil))
    }

    private func expectSurvivors(_ summary: Summary, without dead: Set<Int>, steps: Int) throws {
        let peers = try #require(summary.perPeer)
        for peer in peers {
            #expect((peer.diedAtSeconds != nil) == dead.contains(peer.peer))
            #expect((peer.loss == nil) == dead.contains(peer.peer))
            if !dead.contains(peer.peer) { #expect(peer.steps == steps) }
        }
        #expect(summary.models == nil || summary.models?.count == peers.count)
        #expect(try Summary(text: summary.text()) == summary)
    }

    /// Whoever survives makes all steps; the weights of the living and what was lost are the whole, also of what was
    /// under way or acknowledged in vain.
    @Test(arguments: 1...4) func survivorsOfACrashFinish(seed: Int) throws {
        let plan = try plan(
            "gosgd", "algorithm.probability=0.5", "seed=\(seed)", "simulation.faults=[{crash: 1, at: 1ms}]")
        let outcome = try TrainingRun(plan, metrics: nil).run()
        let summary = outcome.summary
        #expect(outcome.ending == .completed && outcome.peers[1] == nil)
        try expectSurvivors(summary, without: [1], steps: 2000)
        #expect(abs(try #require(summary.weightMass) + #require(summary.lostMass) - 1) <= 1e-12)
    }

    @Test(arguments: 1...3) func twoDieOneAfterTheOther(seed: Int) throws {
        let plan = try plan(
            "gosgd", "algorithm.probability=1", "seed=\(seed)", "topology.name=complete",
            "simulation.faults=[{crash: 1, at: 1ms}, {crash: 2, at: 1500us}, {drop: 0.2}, {reorder: 0.2}]")
        let outcome = try TrainingRun(plan, metrics: nil).run()
        try expectSurvivors(outcome.summary, without: [1, 2], steps: 2000)
        let summary = outcome.summary
        #expect(abs(try #require(summary.weightMass) + #require(summary.lostMass) - 1) <= 1e-12)
    }

    @Test func neighboursOfTheDeadGoOnInLockStep() throws {
        let outcome = try TrainingRun(plan("dpsgd", "simulation.faults=[{crash: 3, at: 1ms}]"), metrics: nil).run()
        #expect(outcome.ending == .completed)
        try expectSurvivors(outcome.summary, without: [3], steps: 2000)
        #expect(outcome.summary.lostMass == nil)
    }

    @Test(arguments: ["allreduce", "gradient-tracking"]) func whoPromisesNothingGivesUp(algorithm: String) throws {
        let plan = try plan(algorithm, steps: 1_000_000, "simulation.faults=[{crash: 2, at: 1ms}]")
        let outcome = try TrainingRun(plan, metrics: nil).run()
        guard case .abandoned(_, let reason) = outcome.ending else {
            Issue.record("the run ended as \(outcome.ending)")
            return
        }
        #expect(reason.contains("peer 2"))
        #expect(outcome.summary.perPeer?[2].diedAtSeconds != nil)
    }

    /// A dead server is no learner; the workers give up, and the run ends with the model that it had.
    @Test func aServerDies() throws {
        let plan = try plan("fedavg", steps: 1_000_000, "simulation.faults=[{crash: 4, at: 1ms}]")
        let outcome = try TrainingRun(plan, metrics: nil).run()
        guard case .abandoned = outcome.ending else {
            Issue.record("the run ended as \(outcome.ending)")
            return
        }
        #expect(outcome.peers.allSatisfy { $0 != nil } && outcome.summary.server != nil)
    }

    /// Whoever is asked to end does so at once, in the middle of a pause, a cut and a slow gradient.
    @Test(arguments: ["dpsgd", "gosgd"]) func aRequestEndsWhatGoesWrong(algorithm: String) throws {
        let plan = try plan(
            algorithm, steps: 1_000_000,
            "simulation.faults=[{pause: 1, for: 1h}, {cut: {from: 0, to: 1}, for: 1h}, {slow: {peer: 2, factor: 1e6}}]")
        let outcome = try TrainingRun(plan, metrics: nil, stopSignal: { SIGTERM }).run()
        #expect(outcome.ending == .stopped)
    }

    @Test func faultsEndWhenAllStepsAreMade() throws {
        // Nothing ever passes, so that every push is still under way when the last step is made.
        let plan = try plan("gosgd", steps: 20, "algorithm.probability=1", "simulation.faults=[{drop: 1}]")
        let summary = try TrainingRun(plan, metrics: nil).run().summary
        #expect(abs(try #require(summary.weightMass) - 1) <= 1e-12)
        #expect(summary.messagesSent == 80 && summary.lostMass == nil)
    }

    @Test func stragglersLearnTheSameAndWait() throws {
        let plain = try TrainingRun(plan("dpsgd", steps: 100), metrics: nil).run().summary
        let slow = try TrainingRun(plan("dpsgd", steps: 100, "stragglers={0: 4.0}"), metrics: nil).run().summary
        #expect(slow.models == plain.models)
    }

    /// The dead hand in no models, and no round waits for them.
    @Test func roundsAreTestedWithoutTheDead() throws {
        try withTemporaryFolder { folder in
            let plan = try ResumedRuns.plan([
                "peers=3", "algorithm.name=gosgd", "epochs=10", "checkpoint.every_epochs=5",
                "simulation.faults=[{crash: 1, at: 0}]",
            ])
            let outcome = try ResumedRuns.run(plan, in: folder)
            #expect(outcome.ending == .completed && outcome.peers.map { $0 == nil } == [false, true, false])
            let lines = try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8).split(separator: "\n")
            let tests = lines.filter { $0.contains("\"split\":\"test\"") }
            #expect(tests.count > 10 * 3 && !tests.contains { $0.contains("\"peer\":1,") })
        }
    }

    /// Saved while frames are lost, in the middle of a step that waits for them: no test is missing when it goes on.
    @Test func aLossyRunGoesOnWithAllItsTests() throws {
        let plan = try ResumedRuns.plan([
            "peers=4", "algorithm.name=dpsgd", "topology.name=ring", "epochs=4", "evaluate.every_epochs=0.3",
            "simulation.faults=[{drop: 0.4}]",
        ])
        func tests(_ run: String) throws -> [String] {
            try ResumedRuns.records(of: run).filter { $0.contains("\"split\":\"test\"") }
        }
        try withTemporaryFolder { folder in
            _ = try ResumedRuns.run(plan, in: "\(folder)/whole")
            for checkpoint in try ResumedRuns.checkpoints(of: "\(folder)/whole") {
                let run = "\(folder)/from-\(checkpoint.step)"
                _ = try ResumedRuns.run(plan, in: run, from: checkpoint, metricsFrom: "\(folder)/whole")
                #expect(try tests(run) == tests("\(folder)/whole"), "from step \(checkpoint.step)")
            }
        }
    }

    /// A run is saved with its dead, who stay dead when it goes on; what was lost stays lost.
    @Test func theDeadAreSavedToo() throws {
        let plan = try ResumedRuns.plan([
            "peers=4", "algorithm.name=gosgd", "algorithm.probability=1", "epochs=10",
            "simulation.faults=[{crash: 1, at: 0}, {drop: 0.05}]",
        ])
        try withTemporaryFolder { folder in
            let whole = try ResumedRuns.run(plan, in: "\(folder)/whole")
            try expectSurvivors(whole.summary, without: [1], steps: Int(plan.steps))
            let checkpoints = try ResumedRuns.checkpoints(of: "\(folder)/whole")
            let last = try #require(checkpoints.last)
            let resumed = try ResumedRuns.run(
                plan, in: "\(folder)/resumed", from: last, metricsFrom: "\(folder)/whole")
            try expectSurvivors(resumed.summary, without: [1], steps: Int(plan.steps))
            let summary = resumed.summary
            #expect(abs(try #require(summary.weightMass) + #require(summary.lostMass) - 1) <= 1e-12)
        }
    }
}
