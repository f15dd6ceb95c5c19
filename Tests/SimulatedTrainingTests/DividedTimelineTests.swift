import Datasets
import Experiments
import Foundation
import Records
import Runs
import Testing
import Training

@testable import SimulatedTraining

/// What a simulated run whose network is divided tells of who computed when.
@Suite struct DividedTimelineTests {
    private func records(steps: Int) throws -> (records: [MetricsRecord], summary: Summary) {
        let loaded = try LoadedExperiment(
            file: nil,
            overrides: [
                "algorithm.name=nettorrent", "algorithm.peers_per_stage=2", "algorithm.microbatches=4",
                "algorithm.schedule=1f1b", "peers=4", "model.name=mlp", "model.hidden=[7]", "data.name=synthetic",
                "data.samples=64", "data.size=4", "batch=16", "steps=\(steps)", "simulation.compute_ms=8",
                "simulation.compute_spread=0",
            ], registries: .all)
        let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
        let path = "\(NSTemporaryDirectory())/\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let metrics = try MetricsWriter(path)
        let summary = try SimulatedRun(plan, metrics: metrics).run().summary
        try metrics.close()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        return (try lines.compactMap { try MetricsRecord(line: $0.utf8) }, summary)
    }

    private func seconds(_ records: [MetricsRecord]) -> [Int: [Double]] {
        var seconds: [Int: [Double]] = [:]
        for case .span(_, let peer, let begin, let end, _, _, _) in records {
            seconds[peer, default: []].append(end - begin)
        }
        return seconds
    }

    /// The spans of a short run are all that its peers computed.
    @Test func whatIsToldAddsUpToWhatWasComputed() throws {
        let (records, summary) = try records(steps: 10)
        guard case .stage(let first) = records[0], case .stage(let last) = records[1] else {
            Issue.record("the records begin with no stages")
            return
        }
        #expect(first.peers == [0, 1] && last.peers == [2, 3] && first.split == "rows")
        let seconds = seconds(records)
        let peers = try #require(summary.perPeer)
        #expect(seconds.keys.sorted() == [0, 1, 2, 3])
        for peer in peers {
            let told = try #require(seconds[peer.peer])
            #expect(told.count == (peer.peer < 2 ? 80 : 40))
            // Times are written in microseconds.
            let difference = abs(told.reduce(0, +) - peer.gradientSeconds)
            #expect(difference < 1e-6 * Double(told.count))
            #expect(peer.gradientSeconds > 0 && peer.waitingSeconds > 0)
        }
        // Together they compute what one peer would, whose gradient takes 8 ms.
        let sum = peers.map(\.gradientSeconds).reduce(0, +)
        #expect(abs(sum - 0.08) < 1e-6)
    }

    @Test func aLongRunTellsOfItsBeginning() throws {
        let counts = seconds(try records(steps: 110).records).mapValues(\.count)
        #expect(counts == [0: 400, 1: 400, 2: 400, 3: 400])
    }
}
