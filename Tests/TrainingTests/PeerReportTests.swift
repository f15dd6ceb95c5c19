import Checkpoints
import Foundation
import Gossip
import Records
import Runs
import Runtime
import Testing
import Vectors

@testable import Training

/// How a peer's records come to the leader, also from another rank.
@Suite struct PeerReportTests {
    /// What was computed is told once, and comes whole.
    @Test func spansOfPassesAreToldOnce() throws {
        var progress = PeerProgress()
        progress.timeline = PassTimeline(peers: 2)
        let passes = (0..<2).map { Pass(microbatch: $0, slot: 1) }
        func note(_ report: PassReport, _ begin: Double) {
            progress.timeline?.note(report, isBeginning: false, begin: begin, end: begin + 0.25, step: 7)
        }
        note(PassReport(passes[0], at: .next, parts: [Payload([1])]), 1)
        note(PassReport(passes[1], at: .next, parts: [Payload([1])]), 2)
        let sent = try JSONEncoder().encode(PeerReport(&progress, gradientSeconds: 3))
        let report = try JSONDecoder().decode(PeerReport.self, from: sent)
        #expect(report.passes.map(\.pass) == passes && report.passes.map(\.begin) == [1, 2])
        #expect(report.passes.allSatisfy { !$0.isBackward && $0.end == $0.begin + 0.25 && $0.step == 7 })
        note(PassReport(ended: passes[0], GradientReport(loss: 0, correct: 0, samples: 0)), 4)
        let next = PeerReport(&progress, gradientSeconds: 3).passes
        #expect(next.map(\.begin) == [4] && next[0].isBackward)
        #expect(PeerReport(&progress, gradientSeconds: 3).passes.isEmpty)
    }

    /// A whole network's passes are no one's: who has the last stage is known of those that divide it.
    @Test func aSpanBecomesARecord() throws {
        let plan = try ResumedRuns.plan(["peers=2", "algorithm.name=gosgd"])
        let text = #"{"pass":{"microbatch":17,"slot":1},"isBackward":true,"begin":1.25,"end":1.5,"step":4}"#
        let span = try JSONDecoder().decode(PassSpan.self, from: Data(text.utf8))
        #expect(
            plan.record(span, of: 1)
                == .span(step: 4, peer: 1, begin: 1.25, end: 1.5, pass: .backward, microbatch: 17, slot: 1))
    }
}
