import Datasets
import Foundation
import Gossip
import Models
import Optimizers
import Testing

@testable import Training

@Suite struct TrainingRunTests {
    /// Every registry of this build.
    private func plan(_ overrides: [String]) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(
            file: nil,
            overrides: ["data.name=synthetic", "model.name=softmax", "epochs=2", "batch=20"] + overrides,
            registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    private func temporaryMetrics() throws -> (MetricsWriter, path: String) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        return (try MetricsWriter(path), path)
    }

    @Test func gossipLearnsAndKeepsItsMass() throws {
        let (metrics, path) = try temporaryMetrics()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let run = try TrainingRun(
            plan(["peers=8", "algorithm.probability=0.5", "epochs=4"]), metrics: metrics)
        let outcome = try run.run()
        try metrics.close()
        #expect(outcome.ending == .completed)
        let mass = try #require(outcome.summary.weightMass)
        #expect(abs(mass - 1) < 1e-12)
        #expect(outcome.summary.messagesSent > 0)
        #expect(outcome.peers.count == 8)
        #expect(try #require(outcome.summary.testAccuracy.consensus) > 0.9)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count { $0.contains("\"split\":\"test\"") } == 9 * 4)
        #expect(lines.count { $0.contains("\"consensus\"") } == 4)
        #expect(lines.contains { $0.contains("\"split\":\"train\"") })
    }
}
