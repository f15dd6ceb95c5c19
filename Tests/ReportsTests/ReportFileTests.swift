import Foundation
import TestKit
import Testing
import Training

@testable import Reports

@Suite struct ReportFileTests {
    @Test func replacesReportsAndNothingElse() throws {
        try withTemporaryFolder { folder in
            let run = try TestRun.read()
            let path = "\(folder)/report.html"
            try ReportFile.write([run], to: path)
            let first = try String(contentsOfFile: path, encoding: .utf8)
            try ReportFile.write([run], to: path)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == first)

            let foreign = "\(folder)/thesis.html"
            for content in ["", "<html>my thesis</html>", String(repeating: " ", count: 2000) + first] {
                try content.write(toFile: foreign, atomically: false, encoding: .utf8)
                let error = try #require(throws: OutputError.self) { try ReportFile.write([run], to: foreign) }
                #expect(error.message.contains("no report of murmur"))
                #expect(try String(contentsOfFile: foreign, encoding: .utf8) == content)
            }
            #expect(throws: OutputError.self) { try ReportFile.write([run], to: folder) }
            #expect(throws: OutputError.self) { try ReportFile.write([run], to: "\(folder)/none/report.html") }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["report.html", "thesis.html"])
        }
    }
}
