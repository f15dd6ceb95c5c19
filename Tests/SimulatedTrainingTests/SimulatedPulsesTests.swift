import Datasets
import Experiments
import Foundation
import Runs
import TestKit
import Testing

@testable import Records
@testable import SimulatedTraining

/// What a simulated run records for those who watch it.
@Suite struct SimulatedPulsesTests {
    private func pulses(_ overrides: [String]) throws -> (outcome: SimulationOutcome, pulses: [PulseRecord]) {
        let folder = try TemporaryFolder()
        let writer = try MetricsWriter("\(folder.path)/metrics.jsonl")
        let loaded = try LoadedExperiment(
            file: nil,
            overrides: [
                "model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "optimizer.name=sgd",
                "simulation.compute_spread=0",
            ] + overrides, registries: .all)
        let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
        let outcome = try SimulatedRun(plan, metrics: writer).run()
        try writer.close()
        let lines = try String(contentsOfFile: "\(folder.path)/metrics.jsonl", encoding: .utf8).split(separator: "\n")
        return (
            outcome,
            try lines.compactMap { line in
                guard case .pulse(let pulse) = try MetricsRecord(line: line.utf8) else { return nil }
                return pulse
            }
        )
    }

    /// All pulses together hold every message and every wait, and the last one tells how it ended.
    @Test func pulsesAddUp() throws {
        let (outcome, pulses) = try pulses([
            "algorithm.name=dpsgd", "topology.name=ring", "steps=800",
            "simulation.faults=[{slow: {peer: 2, factor: 3}}]",
        ])
        #expect(pulses.count > 2)
        var messages = [[Int]](repeating: [0, 0, 0, 0], count: 4)
        var waits = [[Double]](repeating: [0, 0, 0, 0], count: 4)
        var since = 0.0
        for pulse in pulses {
            #expect(pulse.since == since && pulse.time >= since)
            since = pulse.time
            for pair in pulse.messages { messages[pair.from][pair.to] += pair.count }
            for wait in pulse.waits { waits[wait.peer][wait.awaited] += wait.seconds }
        }
        #expect(messages == outcome.summary.messagesByPair)
        let last = try #require(pulses.last)
        #expect(last.steps == PulseRecord.Progress(done: 3200, total: 3200))
        #expect(last.peers.allSatisfy { $0.steps == 800 && $0.state == .finished })
        // The neighbours of the slow peer wait for it, and nobody waits as long for anybody else.
        #expect(waits[1][2] > 8 && waits[3][2] > 8 && waits[2].reduce(0, +) < 1)
    }

    @Test func theDeadAreTold() throws {
        let (_, pulses) = try pulses([
            "algorithm.name=gosgd", "steps=400", "simulation.faults=[{crash: 1, at: 1s}, {drop: 0.1}]",
        ])
        let last = try #require(pulses.last)
        #expect(last.peers.map(\.state) == [.finished, .dead, .finished, .finished] && last.dropped > 0)
        #expect(last.peers.map { $0.mass == nil } == [false, true, false, false])
    }
}
