import Foundation
import TestKit
import Testing

@testable import Records

@Suite struct TraceFileTests {
    private func event(_ number: Int64) -> TraceEvent {
        .slice(
            "gradient", "computing", peer: 1, row: .computing, from: number * 4_000 + 1_500, to: number * 4_000 + 4_000)
    }

    @Test func timesAreMicroseconds() {
        #expect(
            event(0).line
                == ",\n" + #"{"ph":"X","name":"gradient","pid":1,"tid":0,"cat":"computing","ts":1.500,"dur":2.500}"#)
        let mark = TraceEvent.mark("a \"name\"", message: 255, peer: 0, at: 7)
        #expect(mark.line.contains(#""name":"a \"name\"""#) && mark.line.contains(#""message":"0xff""#))
    }

    /// A run that is killed leaves all but the bracket; Perfetto asks for no more.
    @Test func itIsReadableAtAnyTime() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/trace.json"
            let file = try TraceFile(path)
            let log = TraceLog()
            for number in 0..<2 { log.append(event(Int64(number)).line) }
            try file.write(log.take())
            #expect(log.take() == "")
            let early = try String(contentsOfFile: path, encoding: .utf8) + "]"
            try Data(early.utf8).write(to: URL(filePath: "\(folder)/early.json"))
            #expect(try ParsedTrace(path: "\(folder)/early.json").slices.count == 2)
            #expect(try file.close() == nil)
            #expect(try ParsedTrace(path: path).slices.count == 2)
        }
    }

    /// Whole events, up to the first that finds no room; then the file is closed as any other.
    @Test func aFullFileSaysWhatItLacks() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/trace.json"
            let file = try TraceFile(path, limit: 600)
            for number in [0, 3, 6] as [Int64] {
                try file.write((number..<number + 3).map { event($0).line }.joined())
            }
            let remark = try #require(try file.close())
            let trace = try ParsedTrace(path: path)
            #expect(trace.complaints == [] && (1..<9).contains(trace.slices.count))
            #expect(remark.contains("\(9 - trace.slices.count) later events"))
        }
    }
}
