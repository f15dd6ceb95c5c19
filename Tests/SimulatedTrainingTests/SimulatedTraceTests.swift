import Datasets
import Experiments
import Foundation
import Records
import Runs
import Simulator
import TestKit
import Testing

@testable import SimulatedTraining

/// What `simulate --trace` puts down.
@Suite struct SimulatedTraceTests {
    private func run(_ overrides: [String], in folder: String, _ name: String = "trace.json") throws
        -> (outcome: SimulationOutcome, bytes: Data, trace: ParsedTrace)
    {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
        let file = try TraceFile("\(folder)/\(name)")
        let outcome = try SimulatedRun(plan, trace: file).run()
        #expect(try file.close() == nil)
        let path = "\(folder)/\(name)"
        return (outcome, try Data(contentsOf: URL(filePath: path)), try ParsedTrace(path: path))
    }

    private let quadratic = [
        "model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "steps=20", "optimizer.name=sgd",
        "optimizer.learning_rate=0.1",
    ]

    /// Every message of every algorithm has its arrow, rows are in order, and computing is what the summary says.
    @Test(arguments: ["gosgd", "dpsgd", "allreduce", "easgd", "adpsgd", "relaysgd", "fedavg", "nettorrent"])
    func aRunIsSeen(algorithm: String) throws {
        let own = ["adpsgd": ["topology.name=ring"], "nettorrent": ["algorithm.peers_per_stage=4"]]
        try withTemporaryFolder { folder in
            let overrides = quadratic + ["algorithm.name=\(algorithm)"] + (own[algorithm] ?? [])
            let (outcome, bytes, trace) = try run(overrides, in: folder)
            #expect(trace.complaints == [])
            #expect(trace.starts.count == outcome.statistics.messages && trace.ends.count == trace.starts.count)
            for (id, time) in trace.ends { #expect(try time > #require(trace.starts[id])) }
            for peer in try #require(outcome.summary.perPeer) {
                #expect(abs(trace.seconds("computing", of: peer.peer) - peer.gradientSeconds) < 1e-6)
                // The last step may have to wait once more for others before it is over.
                #expect(trace.seconds("waiting", of: peer.peer) > peer.waitingSeconds - 1e-6)
                #expect(trace.names[peer.peer] == "peer \(peer.peer)")
            }
            #expect(try run(overrides, in: folder, "again.json").bytes == bytes)
        }
    }

    /// Messages that come to nothing are marked, and so is what befalls peers; a life that is over computes no longer.
    @Test func faultsAreMarked() throws {
        try withTemporaryFolder { folder in
            let (outcome, _, trace) = try run(
                quadratic + [
                    "algorithm.name=gosgd", "algorithm.probability=0.7", "simulation.compute_ms=10",
                    "simulation.faults=[{drop: 0.2}, {duplicate: 0.1}, {at: 55ms, crash: 2, restart_after: 60ms}, "
                        + "{pause: 1, at: 70ms, for: 40ms}]",
                ], in: folder)
            #expect(outcome.statistics.dropped > 0 && outcome.statistics.duplicated > 0)
            #expect(trace.complaints == [])
            let seen = trace.marks.filter { !$0.name.hasPrefix("message") }.map { "\($0.name) \($0.peer)" }
            #expect(seen == ["crash 2", "pause 1", "end of pause 1", "restart 2"])
            #expect(trace.dropped.count > 0)
            let dead = 55_000_000..<115_000_000
            #expect(!trace.slices.contains { $0.peer == 2 && $0.end > dead.lowerBound && $0.begin < dead.upperBound })
        }
    }
}
