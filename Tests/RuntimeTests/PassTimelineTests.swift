import Foundation
import Gossip
import Testing
import Vectors

@testable import Runtime

@Suite struct PassTimelineTests {
    private func pass(_ microbatch: UInt64) -> Pass { Pass(microbatch: microbatch, slot: 1) }

    private func stopped(_ microbatch: UInt64, _ stop: PassStop, parts: Int = 1) -> PassReport {
        PassReport(pass(microbatch), at: stop, parts: (0..<parts).map { _ in Payload([0]) })
    }

    private func ended(_ microbatch: UInt64) -> PassReport {
        PassReport(ended: pass(microbatch), GradientReport(loss: 0, correct: 0, samples: 0))
    }

    /// Forward up to the stop for the stage behind, backward from then on; each pass by itself.
    @Test func aPassTurnsWhereItGoesToTheStageBehind() {
        var timeline = PassTimeline(peers: 2)
        let reports: [(PassReport, Bool)] = [
            (stopped(0, .previous, parts: 0), true), (stopped(0, .gather), false), (stopped(0, .next), false),
            (stopped(1, .gather), true), (stopped(0, .scatter), false), (stopped(1, .next), false),
            (stopped(0, .previous), false), (ended(0), false), (stopped(1, .gather), false),
            // Begun again, as by one who was dropped.
            (stopped(1, .gather), true), (stopped(1, .next), false), (ended(1), false),
        ]
        for (second, (report, isBeginning)) in reports.enumerated() {
            timeline.note(
                report, isBeginning: isBeginning, begin: Double(second), end: Double(second) + 0.5, step: 3)
        }
        let spans = timeline.take()
        // The first had computed nothing when it asked for its beginning, nor after it had handed back its gradient.
        #expect(spans.map(\.begin) == [1, 2, 3, 4, 5, 6, 8, 9, 10, 11])
        #expect(
            spans.map(\.isBackward) == [
                false, false, false, true, false, true, true, false, false, true,
            ])
        #expect(spans.allSatisfy { $0.end == $0.begin + 0.5 && $0.step == 3 && $0.pass.slot == 1 })
        #expect(timeline.take().isEmpty)
    }

    /// Also of a run that was saved in between, when all had been fetched.
    @Test(arguments: [(2, 400), (100, 400), (1000, 40), (1_000_000, 0)]) func itIsBounded(peers: Int, limit: Int) throws
    {
        var timeline = PassTimeline(peers: peers)
        var count = 0
        for microbatch in UInt64(0)..<600 {
            timeline.note(stopped(microbatch, .next), isBeginning: true, begin: 0, end: 1, step: 0)
            guard microbatch % 100 == 0 else { continue }
            count += timeline.take().count
            timeline = try JSONDecoder().decode(PassTimeline.self, from: JSONEncoder().encode(timeline))
            try timeline.check()
        }
        #expect(count + timeline.take().count == limit)
    }

    @Test func countsThatCannotBeAreRefused() throws {
        for text in [
            #"{"limit":5,"count":6,"turned":[],"done":[]}"#, #"{"limit":900,"count":6,"turned":[],"done":[]}"#,
        ] {
            let timeline = try JSONDecoder().decode(PassTimeline.self, from: Data(text.utf8))
            #expect(throws: StateError.self) { try timeline.check() }
        }
    }
}
