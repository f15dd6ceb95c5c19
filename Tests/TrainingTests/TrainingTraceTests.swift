import Experiments
import Foundation
import Records
import Runs
import TestKit
import Testing

@testable import Training

/// What `train --trace` puts down.
@Suite struct TrainingTraceTests {
    private let network = [
        "data.name=synthetic", "data.samples=400", "model.name=mlp", "batch=20", "peers=4", "epochs=2",
    ]

    private func trace(_ overrides: [String], ranks: Int = 1) throws -> (summary: Summary, trace: ParsedTrace) {
        try withTemporaryFolder { folder in
            let file = try TraceFile("\(folder)/trace.json")
            let run = RankedRun(ranks: ranks, overrides: network + overrides)
            let (summary, _) = try run.run { mailbox, plan, _ in
                try TrainingRun(plan, metrics: nil, trace: file, mailbox: ranks > 1 ? mailbox : nil).run().summary
            }
            #expect(try file.close() == nil)
            return (try summary.get(), try ParsedTrace(path: "\(folder)/trace.json"))
        }
    }

    /// On threads, and over ranks that report what their peers do; tests of models take no time of the trace.
    @Test(arguments: ["gosgd", "dpsgd", "allreduce"], [1, 2]) func aRunIsSeen(algorithm: String, ranks: Int) throws {
        let (summary, trace) = try trace(["algorithm.name=\(algorithm)", "evaluate.every_epochs=1"], ranks: ranks)
        #expect(trace.complaints == [])
        #expect(trace.starts.count == summary.messagesSent && trace.ends.count == trace.starts.count)
        let peers = try #require(summary.perPeer)
        #expect(trace.names.keys.sorted() == peers.map(\.peer))
        for peer in peers {
            #expect(abs(trace.seconds("computing", of: peer.peer) - peer.gradientSeconds) < 1e-6)
            #expect(trace.slices.count { $0.name == "update" && $0.peer == peer.peer } == peer.steps)
        }
        if ranks == 1 {
            for (id, time) in trace.ends { #expect(try time >= #require(trace.starts[id])) }
        }
    }

    @Test func faultsAreMarked() throws {
        let (_, trace) = try trace([
            "algorithm.name=gosgd", "algorithm.probability=1", "stragglers={1: 3}",
            "simulation.faults=[{drop: 0.3}, {crash: 2, at: 2ms}]",
        ])
        #expect(trace.complaints == [])
        #expect(trace.marks.contains { $0.name == "crash" && $0.peer == 2 })
        #expect(!trace.dropped.isEmpty)
    }
}
