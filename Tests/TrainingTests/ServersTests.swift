import Checkpoints
import Datasets
import Foundation
import Gossip
import Graphs
import Runs
import Runtime
import TestKit
import Testing
import Vectors
import Workloads

@testable import Experiments
@testable import Records
@testable import Training

/// Runs with a server behind the learners.
@Suite struct ServersTests {
    private func plan(_ overrides: String...) throws -> TrainingPlan {
        let small = [
            "data.name=synthetic", "data.samples=400", "model.name=softmax", "epochs=4", "batch=20", "peers=3",
        ]
        let loaded = try LoadedExperiment(file: nil, overrides: small + overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// The server's model is tested, recorded and kept under its own name, and is no learner in any statistic.
    @Test(arguments: ["aeasgd", "fedavg"]) func theServerHasItsOwnName(algorithm: String) throws {
        try withTemporaryFolder { folder in
            let metrics = try MetricsWriter("\(folder)/metrics.jsonl")
            let plan = try plan("algorithm.name=\(algorithm)", "data.validation_samples=40")
            #expect(plan.nodes == 4)
            let outcome = try TrainingRun(plan, metrics: metrics).run()
            try metrics.close()
            let summary = outcome.summary
            let server = try #require(outcome.server)
            #expect(outcome.ending == .completed)
            #expect(outcome.peers.count == 3 && summary.peers == 3 && summary.perPeer?.count == 3)
            #expect(summary.testAccuracy.server == server.accuracy)
            #expect(try #require(server.accuracy) > 0.5)
            #expect(summary.samplesSeen == 4 * 360)
            #expect(try Summary(text: summary.text()) == summary)
            // The server's messages are counted with the others'.
            let pairs = try #require(summary.messagesByPair)
            #expect(pairs.count == 4 && pairs.joined().reduce(0, +) == summary.messagesSent)
            #expect(pairs[3][3] == 0 && pairs[3][0] > 0 && pairs[0][3] > 0 && pairs[0][1] == 0)
            // What is kept is the centre's model, tested as it was.
            #expect(try plan.workload.test().score(outcome.model) == server)
            let lines = try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8).split(separator: "\n")
            for split in ["test", "validation"] {
                let tests = lines.filter { $0.contains("\"split\":\"\(split)\"") }
                #expect(tests.count { $0.contains("\"peer\":\"centre\"") } * 5 == tests.count)
            }
            #expect(!lines.contains { $0.contains("\"peer\":3") })
        }
    }

    @Test func aRunWithoutServerHasNoServerModel() throws {
        let outcome = try TrainingRun(plan("algorithm.name=gosgd"), metrics: nil).run()
        #expect(outcome.server == nil && outcome.summary.server == nil)
        #expect(!outcome.summary.text().contains("centre"))
    }

    /// The quadratic shows the centre's numbers, begun where the learners began.
    @Test func theQuadraticsServer() throws {
        let loaded = try LoadedExperiment(
            file: nil,
            overrides: [
                "model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "model.start=[2]", "model.curvature=0",
                "steps=5", "algorithm.name=aeasgd",
            ], registries: .all)
        let summary = try TrainingRun(
            TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)), metrics: nil
        ).run().summary
        #expect(summary.server == [2])
        #expect(summary.models == [[2], [2], [2], [2]])
        #expect(summary.consensusDistance == 0)
        #expect(summary.text().contains("\"centre\":[2.0]"))
    }

    /// Saved and resumed, the server goes on with its model and what it remembers.
    @Test func aServerIsSavedToo() throws {
        let plan = try ResumedRuns.plan(["algorithm.name=aeasgd", "algorithm.period=2", "peers=2", "epochs=4"])
        try withTemporaryFolder { folder in
            let whole = try ResumedRuns.run(plan, in: "\(folder)/whole")
            let checkpoints = try ResumedRuns.checkpoints(of: "\(folder)/whole")
            #expect(checkpoints.count > 2)
            for checkpoint in checkpoints {
                #expect(checkpoint.manifest.stepsMade.count == 2)
                let state = try checkpoint.state()
                #expect(state.peers.count == 3 && state.peers[2].node.isFinished)
                let resumed = try ResumedRuns.run(
                    plan, in: "\(folder)/from-\(checkpoint.step)", from: checkpoint, metricsFrom: "\(folder)/whole")
                #expect(resumed.ending == .completed)
                #expect(resumed.summary.samplesSeen == whole.summary.samplesSeen)
                #expect(resumed.summary.messagesSent == whole.summary.messagesSent)
                // The model of the middle of the run, not a new one, was pulled on.
                let start = plan.initialModel(2).array()
                #expect(try checkpoint.numbers(ofPeer: 2).vectors["model"] != start)
            }
        }
    }

    /// A peer that gives up ends the run, though others wait for it in vain.
    @Test(arguments: ["allreduce", "gradient-tracking", "fedavg", "aeasgd"]) func givingUpEndsTheRun(
        algorithm: String
    ) throws {
        let plan = try plan("algorithm.name=\(algorithm)", "epochs=1000000")
        let gone = plan.servers > 0 ? 3 : 1
        let box = Box()
        var isTold = false
        let run = try TrainingRun(
            plan, metrics: nil,
            report: { progress in
                // One peer alone hears that another has died.
                guard progress.steps > 0, !isTold else { return }
                isTold = true
                box.run?.localPeers.traffic.began()
                box.run?.localPeers[0].waker.post(.peerLeft(PeerID(gone)))
            })
        box.run = run
        let outcome = try run.run()
        guard case .abandoned(let peer, let reason) = outcome.ending else {
            Issue.record("the run ended as \(outcome.ending)")
            return
        }
        #expect(peer == 0)
        #expect(reason.hasPrefix("\(algorithm) cannot go on"))
        #expect(outcome.peers.count == 3)
    }

    /// Lends the run to its own report.
    private final class Box {
        weak var run: TrainingRun?
    }
}
