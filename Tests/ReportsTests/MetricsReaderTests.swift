import Foundation
import Records
import Testing
import Training

@testable import Reports

@Suite struct MetricsReaderTests {
    private func read(_ text: String) throws -> Metrics { try Metrics(Data(text.utf8), path: "run/metrics.jsonl") }

    private let line = #"{"step":5,"time":1.0,"epoch":0.5,"peer":0,"split":"train","loss":2.0,"samples":40}"#

    @Test func sortsRecordsByKind() throws {
        let metrics = try read(TestRun.metrics)
        #expect(metrics.learning.count == 8)
        #expect(metrics.learning.count { $0.subject == .consensus } == 2)
        #expect(metrics.learning[7].loss == 0.5)
        #expect(metrics.learning[6].loss == nil)
        #expect(metrics.distances.map(\.distance) == [0.125, 0.25])
        #expect(metrics.traffic.map(\.bytes) == [1000, 3000])
        #expect(metrics.tornLine == nil)
    }

    /// Lines lie across the blocks in which a long file is read.
    @Test func aLongFileIsReadInBlocks() throws {
        let metrics = try read(String(repeating: line + "\n", count: 40_000) + "{")
        #expect(metrics.learning.count == 40_000)
        #expect(metrics.learning.allSatisfy { $0 == metrics.learning[0] })
        #expect(metrics.tornLine == 40_001)
        let error = try #require(throws: RecordError.self) {
            try read(line + "\n" + String(repeating: "x", count: 3 << 20))
        }
        #expect(error.place == "run/metrics.jsonl:2" && error.message.contains("longer than any record"))
    }

    @Test func nothingIsNoError() throws {
        #expect(try read("").learning.isEmpty)
    }

    @Test func aTornLastLineIsLeftOut() throws {
        for torn in [#"{"step":6,"ti"#, "{", "\u{0}\u{0}\u{0}", #"{"step":6,"time":1.0"#] {
            let metrics = try read(line + "\n" + torn)
            #expect(metrics.tornLine == 2)
            #expect(metrics.learning.count == 1)
        }
        // A character of several bytes may be torn, too.
        let metrics = try Metrics(Data((line + "\n{\"split\":\"").utf8) + [0xC3], path: "")
        #expect(metrics.tornLine == 2)
    }

    @Test func aWholeLastLineNeedsNoNewline() throws {
        let metrics = try read(line + "\n" + line)
        #expect(metrics.tornLine == nil)
        #expect(metrics.learning.count == 2)
    }

    @Test func recordsOfALaterVersionArePassedOver() throws {
        #expect(try read(#"{"kind":"weather","step":1,"time":2}"# + "\n" + line).learning.count == 1)
    }

    @Test(
        arguments: [
            ("not a record", "not JSON"),
            ("", "not JSON"),
            ("[1,2]", "an object"),
            ("3", "an object"),
            (#"{"step":"five","time":1}"#, "'step' has a value of another type"),
            (#"{"step":5}"#, "without 'time'"),
            (#"{"step":5,"time":1,"peer":"nobody"}"#, "'peer' has a value of another type"),
            (#"{"step":5,"time":1,"split":"test","samples":3}"#, "without 'epoch'"),
            (#"{"kind":"network","step":5,"time":1,"messages":1}"#, "without 'bytes'"),
            (#"{"step":1e30,"time":1}"#, "out of range"),
        ])
    func anyOtherMalformedLineIsNamed(text: String, reason: String) throws {
        let error = try #require(throws: RecordError.self) { try read(line + "\n" + text + "\n" + line + "\n") }
        #expect(error.kind == .malformed)
        #expect(error.place == "run/metrics.jsonl:2")
        #expect(error.message.contains(reason), "\(error)")
    }
}
