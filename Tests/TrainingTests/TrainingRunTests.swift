import Datasets
import Foundation
import Gossip
import Models
import Optimizers
import Runs
import Testing
import Vectors

@testable import Experiments
@testable import Records
@testable import Training
@testable import Workloads

@Suite struct TrainingRunTests {
    private func plan(_ overrides: String...) throws -> TrainingPlan {
        let small = ["data.name=synthetic", "model.name=softmax", "epochs=2", "batch=20"]
        let loaded = try LoadedExperiment(file: nil, overrides: small + overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// A path that nothing lies at yet.
    private func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    }

    @Test func gossipLearnsAndWritesItsRecords() throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let metrics = try MetricsWriter(path)
        let run = try TrainingRun(plan("peers=8", "algorithm.probability=0.5", "epochs=4"), metrics: metrics)
        let outcome = try run.run()
        try metrics.close()
        #expect(outcome.ending == .completed)
        #expect(outcome.summary.messagesSent > 0)
        #expect(outcome.summary.bytesSent == outcome.summary.messagesSent * 4 * 7850)
        #expect(outcome.peers.count == 8)
        #expect(try #require(outcome.summary.testAccuracy.consensus) > 0.9)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count { $0.contains("\"split\":\"test\"") } == 9 * 4)
        #expect(lines.count { $0.contains("\"consensus\"") } == 4)
        #expect(lines.contains { $0.contains("\"split\":\"train\"") })
        try expectPeersAddUp(outcome.summary)
    }

    private func expectPeersAddUp(_ summary: Summary) throws {
        let peers = try #require(summary.perPeer)
        #expect(peers.map(\.peer) == Array(0..<summary.peers))
        #expect(peers.map(\.samples).reduce(0, +) == summary.samplesSeen)
        #expect(peers.map(\.accuracy).compactMap(\.self).max() == summary.testAccuracy.max)
        for peer in peers {
            let working = peer.gradientSeconds + peer.updateSeconds + peer.communicationSeconds
            #expect(abs(working + peer.waitingSeconds - peer.trainSeconds) < 1e-6)
        }
        // What is counted by sender and receiver is what is counted by sender, and nobody talks to itself.
        let messages = try #require(summary.messagesByPair)
        #expect(messages.map { $0.reduce(0, +) } == peers.map(\.messagesSent))
        #expect(messages.indices.allSatisfy { messages[$0].count == summary.peers && messages[$0][$0] == 0 })
        let bytes = try #require(summary.bytesByPair)
        #expect(bytes.map { $0.reduce(0, +) } == peers.map(\.bytesSent))
        #expect(bytes.joined().reduce(0, +) == summary.bytesSent)
    }

    /// Eight peers that push after every step: at the end, mailboxes included, no mass is missing.
    @Test(arguments: ["complete", "ring"], 1...5)
    func noMassIsLostOnThreads(topology: String, seed: Int) throws {
        let plan = try plan(
            "peers=8", "algorithm.probability=1", "topology.name=\(topology)", "seed=\(seed)", "epochs=1")
        let summary = try TrainingRun(plan, metrics: nil).run().summary
        #expect(abs(try #require(summary.weightMass) - 1) <= 1e-12)
        #expect(summary.messagesSent == 8 * Int(plan.steps))
    }

    @Test func theBaselineGivesTheSameBitsTwice() throws {
        func model(seed: Int) throws -> [Float] {
            let plan = try plan("algorithm.name=centralized", "peers=1", "seed=\(seed)", "model.name=mlp")
            return try TrainingRun(plan, metrics: nil).run().model.array()
        }
        #expect(try model(seed: 3) == model(seed: 3))
        #expect(try model(seed: 3) != model(seed: 4))
    }

    /// Gradients, updates, messages and waiting are the whole time of a peer, and nothing is counted twice.
    @Test(arguments: ["gosgd", "allreduce", "easgd", "adpsgd"]) func partsOfTheTimeAddUp(algorithm: String) throws {
        let own = ["gosgd": ["algorithm.probability=1"], "adpsgd": ["topology.name=ring"]][algorithm] ?? []
        let loaded = try LoadedExperiment(
            file: nil,
            overrides: [
                "data.name=synthetic", "model.name=mlp", "epochs=6", "batch=20", "peers=4",
                "algorithm.name=\(algorithm)", "stragglers={1: 2.0}",
            ] + own, registries: .all)
        let summary = try TrainingRun(
            TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)), metrics: nil
        ).run().summary
        for peer in try #require(summary.perPeer) {
            let parts = [peer.gradientSeconds, peer.updateSeconds, peer.communicationSeconds, peer.waitingSeconds]
            #expect(parts.allSatisfy { $0 >= 0 } && peer.gradientSeconds > 0)
            #expect(abs(parts.reduce(0, +) - peer.trainSeconds) < 1e-6, "\(parts) of \(peer.trainSeconds)")
        }
        let all = summary.gradientSeconds + summary.communicationSeconds + summary.waitingSeconds
        let whole = (summary.perPeer ?? []).map(\.trainSeconds).reduce(0, +)
        #expect(abs(all + (try #require(summary.updateSeconds)) - whole) < 1e-5)
    }

    @Test func whatNeverComesIsRemarked() throws {
        #expect(try plan("schedule.warmup_epochs=2").remarks == [])
        let remarks = try plan("schedule.warmup_epochs=2.5").remarks
        #expect(remarks.count == 1 && remarks[0].hasPrefix("schedule.warmup_epochs: 2.5 epochs are more than"))
    }

    /// Each peer's model is left on request, as it is tested.
    @Test func peersModelsAreKeptOnRequest() throws {
        #expect(try TrainingRun(plan("peers=2"), metrics: nil).run().peerModels.isEmpty)
        let plan = try plan("peers=2", "save.peers=true")
        let outcome = try TrainingRun(plan, metrics: nil).run()
        #expect(outcome.peerModels.count == 2)
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try RunFolder.create(output: path, name: "x", timestamp: "20260101-000000", force: false)
        try ModelFile.write(outcome.model, peers: outcome.peerModels, of: plan, in: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(names == ["model-peer-0.safetensors", "model-peer-1.safetensors", "model.safetensors"])
        let test = try SavedModelTest(
            path: "\(path)/model-peer-1.safetensors", data: nil, places: DataPlaces(collection: nil, home: nil))
        #expect(test.accuracy == outcome.peers[1]?.accuracy && test.loss == outcome.peers[1]?.loss)
    }

    @Test func everySampleIsSeenOnceAnEpoch() throws {
        let kept = try TrainingRun(
            plan("algorithm.name=centralized", "peers=1", "batch=100", "epochs=1", "data.train_samples=250"),
            metrics: nil
        ).run().summary
        #expect(kept.samplesSeen == 250)
        let dropped = try TrainingRun(
            plan(
                "algorithm.name=centralized", "peers=1", "batch=100", "epochs=1", "data.train_samples=250",
                "data.last_batch=drop"), metrics: nil
        ).run().summary
        #expect(dropped.samplesSeen == 200)
    }

    @Test func aLossThatIsNoNumberEndsTheRun() throws {
        let plan = try plan("peers=2", "optimizer.learning_rate=1e30", "model.name=mlp", "epochs=100")
        let outcome = try TrainingRun(plan, metrics: nil).run()
        guard case .diverged(_, let step) = outcome.ending else {
            Issue.record("the run ended as \(outcome.ending)")
            return
        }
        #expect(step < 20)
        #expect(outcome.summary.samplesSeen < 100 * 4096)
    }

    @Test(arguments: ["gosgd", "allreduce"])
    func aRequestEndsTheRunEarlyAndInOrder(algorithm: String) throws {
        let plan = try plan("peers=3", "epochs=10000", "algorithm.name=\(algorithm)")
        let outcome = try TrainingRun(plan, metrics: nil, stopSignal: { SIGTERM }).run()
        #expect(outcome.ending == .stopped)
        #expect(outcome.summary.samplesSeen > 0)
    }

    /// All-reduce on threads: the same bits twice, and all peers hold them.
    @Test func allReduceGivesTheSameBitsTwice() throws {
        func run() throws -> (model: [Float], distance: Double?) {
            let outcome = try TrainingRun(plan("algorithm.name=allreduce", "peers=3", "model.name=mlp"), metrics: nil)
                .run()
            return (outcome.model.array(), outcome.summary.consensusDistance)
        }
        let (first, second) = (try run(), try run())
        #expect(first.model == second.model)
        #expect(try #require(first.distance) < 1e-5)
    }

    @Test func theTargetEndsTheRunWhereAskedTo() throws {
        let plan = try plan(
            "peers=2", "epochs=1000", "evaluate.target_accuracy=0.8", "evaluate.stop_at_target=true",
            "evaluate.every_epochs=0.5")
        let outcome = try TrainingRun(plan, metrics: nil).run()
        #expect(outcome.ending == .targetReached)
        #expect(try #require(outcome.summary.timeToTargetSeconds) > 0)
        #expect(outcome.summary.samplesSeen < 100 * 4096)
    }

    @Test func aSavedModelDoesAsWellAsItDidInTheRun() throws {
        let path = temporaryPath() + ".safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let plan = try plan("peers=2")
        let outcome = try TrainingRun(plan, metrics: nil).run()
        try ModelFile.write(outcome.model, of: plan, to: path)
        let test = try SavedModelTest(path: path, data: nil, places: DataPlaces(collection: nil, home: nil))
        #expect(test.accuracy == outcome.summary.testAccuracy.consensus)
        #expect(test.loss == outcome.summary.testLoss)
        #expect(test.samples == 1024)
    }

    @Test(arguments: [
        ("peers=5000", "peers"), ("batch=3000", "batch"), ("model.name=cnn", "model"), ("steps=0", "steps"),
    ])
    func whatCannotBeIsRefusedBeforeTheRun(override: String, key: String) {
        let error = #expect(throws: ExperimentError.self) {
            _ = try plan("peers=2", override, "data.size=1")
        }
        #expect(error?.key?.hasPrefix(key) == true, "\(String(describing: error))")
    }
}
