import Foundation
import TestKit
import Testing

@testable import Records
@testable import Training

@Suite struct MetricsWriterResumeTests {
    private let record = MetricsRecord.consensus(step: 9, time: 2, distance: 0.25)
    private let line = #"{"kind":"consensus","step":9,"time":2.0,"distance":0.25}"# + "\n"

    /// (what lies there, lines at the checkpoint, what is kept, words of the remark)
    @Test(arguments: [
        ("a\nb\nc\n", 2, "a\nb\n", ["1 line from after the checkpoint"]),
        ("a\nb\nc\nd\n", 2, "a\nb\n", ["2 lines from after the checkpoint"]),
        ("a\nb\n", 2, "a\nb\n", []),
        ("a\nb\n{\"st", 2, "a\nb\n", ["torn last line"]),
        ("a\nb\nc\n{\"st", 2, "a\nb\n", ["1 line from after", "torn last line"]),
        ("a\n{\"st", 2, "a\n", ["torn last line", "only 1 of the 2 lines"]),
        ("", 2, "", ["only 0 of the 2 lines"]), ("a\n", 0, "", ["1 line from after"]), ("", 0, "", []),
    ])
    func goesOnBehindTheCheckpoint(content: String, lines: Int, kept: String, words: [String]) throws {
        try withTemporaryFolder { folder in
            for target in ["m", "other"] {
                try Data(content.utf8).write(to: URL(filePath: "\(folder)/m"))
                let (writer, remark) = try MetricsWriter.resuming(
                    "\(folder)/m", at: "\(folder)/\(target)", lines: lines)
                try writer.write(record)
                #expect(writer.lineCount == kept.count { $0 == "\n" } + 1)
                try writer.close()
                #expect(text("\(folder)/\(target)") == kept + line)
                #expect((remark == nil) == words.isEmpty)
                for word in words { #expect(remark?.contains(word) == true, "\(String(describing: remark))") }
                if target == "other" { #expect(text("\(folder)/m") == content) }
            }
        }
    }

    @Test func aFileThatIsGoneIsBegunAgain() throws {
        try withTemporaryFolder { folder in
            let (writer, remark) = try MetricsWriter.resuming("\(folder)/m", at: "\(folder)/m", lines: 3)
            try writer.write(record)
            try writer.close()
            #expect(text("\(folder)/m") == line)
            #expect(remark?.contains("only 0 of the 3 lines") == true)
        }
    }
}
