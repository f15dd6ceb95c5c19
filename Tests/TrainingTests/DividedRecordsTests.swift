import Checkpoints
import Datasets
import Foundation
import Runs
import TestKit
import Testing
import Vectors
import Workloads

@testable import Experiments
@testable import Records
@testable import Training

/// What a run whose network is divided leaves in `metrics.jsonl`.
@Suite struct DividedRecordsTests {
    /// Of a network with batch-norms, which its slots share, and dropout: with all that its peers have computed and not
    /// handled, and all that they tell of it.
    @Test(arguments: ["gpipe", "1f1b"], ["rows", "neurons"]) func aRunThatIsSavedAmidItsPassesGoesOn(
        schedule: String, split: String
    ) throws {
        let plan = try ResumedRuns.plan(
            [
                "algorithm.name=nettorrent", "algorithm.peers_per_stage=2", "algorithm.microbatches=2",
                "algorithm.schedule=\(schedule)", "algorithm.split=\(split)", "peers=4", "epochs=2",
                "data.last_batch=drop",
            ] + TrainingRunCheckpointTests.layers)
        try withTemporaryFolder { folder in
            let whole = try ResumedRuns.run(plan, in: "\(folder)/whole")
            let checkpoints = try ResumedRuns.checkpoints(of: "\(folder)/whole")
            #expect(checkpoints.count > 3)
            var held = 0
            for checkpoint in checkpoints {
                held += try checkpoint.state().peers.count { $0.pass != nil }
                let run = "\(folder)/from-\(checkpoint.step)"
                let resumed = try ResumedRuns.run(plan, in: run, from: checkpoint, metricsFrom: "\(folder)/whole")
                #expect(resumed.model.array() == whole.model.array(), "from step \(checkpoint.step)")
                #expect(try ResumedRuns.records(of: run) == ResumedRuns.records(of: "\(folder)/whole"))
            }
            #expect(held > 0)
        }
    }

    /// On threads, and over ranks of which each has some of the peers.
    @Test(arguments: [1, 3]) func stagesComeFirstAndEveryPeerTellsWhatItComputed(ranks: Int) throws {
        let run = RankedRun(
            ranks: ranks,
            overrides: [
                "algorithm.name=nettorrent", "algorithm.peers_per_stage=2", "algorithm.microbatches=4",
                "algorithm.schedule=gpipe", "peers=6", "model.name=mlp", "data.name=synthetic", "data.samples=128",
                "batch=32", "steps=3",
            ])
        let stages = try run.plan().workload.stageRecords
        var records: [MetricsRecord] = []
        var summary: Summary?
        try withTemporaryFolder { folder in
            let metrics = try MetricsWriter("\(folder)/metrics.jsonl")
            let (outcome, _) = try run.run { mailbox, plan, _ in
                try TrainingRun(plan, metrics: metrics, mailbox: ranks > 1 ? mailbox : nil).run().summary
            }
            summary = try outcome.get()
            try metrics.close()
            let lines = try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8).split(separator: "\n")
            records = try lines.compactMap { try MetricsRecord(line: $0.utf8) }
        }
        #expect(records.prefix(3) == stages.map { .stage($0) }[...])
        #expect(stages.map(\.peers) == [[0, 1], [2, 3], [4, 5]])
        var passes: [Int: [MetricsRecord.Direction]] = [:]
        for case .span(_, let peer, let begin, let end, let direction, let microbatch, let slot) in records {
            passes[peer, default: []].append(direction)
            #expect(begin <= end && (0..<12).contains(microbatch) && slot == peer % 2)
        }
        // A microbatch goes forward and back in one stretch each, and through the last stage in one.
        for peer in 0..<4 {
            #expect(passes[peer]?.count { $0 == .forward } == 12 && passes[peer]?.count { $0 == .backward } == 12)
        }
        for peer in 4..<6 { #expect(passes[peer] == [MetricsRecord.Direction](repeating: .both, count: 12)) }
        // The lines of training are the last stage's, and their loss that of a mean over samples.
        var losses: [Int: [Double]] = [:]
        for case .learning(_, _, _, .peer(let peer), .train, let loss, _, _, _) in records {
            losses[peer, default: []].append(try #require(loss))
        }
        #expect(losses.keys.sorted() == [4, 5] && losses.values.joined().allSatisfy { $0 > 1.5 && $0 < 3.5 })
        let peers = try #require(summary?.perPeer)
        #expect(summary?.samplesSeen == 96 && peers.map(\.samples) == [0, 0, 0, 0, 48, 48])
        for peer in peers {
            let parts = peer.gradientSeconds + peer.updateSeconds + peer.communicationSeconds + peer.waitingSeconds
            #expect(peer.gradientSeconds > 0 && parts >= peer.trainSeconds - 1e-9)
        }
    }
}
