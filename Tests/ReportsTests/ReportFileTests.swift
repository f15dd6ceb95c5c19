import Foundation
import Records
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

    @Test func whatIsNoRegularFileIsRefusedAndLeftAlone() throws {
        try withTemporaryFolder { folder in
            let run = try TestRun.read()
            try #require(mkfifo("\(folder)/pipe", 0o644) == 0)
            try ReportFile.write([run], to: "\(folder)/report.html")
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/link", withDestinationPath: "\(folder)/report.html")
            for name in ["pipe", "link"] {
                #expect(throws: OutputError.self) { try ReportFile.write([run], to: "\(folder)/\(name)") }
            }
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link").hasSuffix("report.html"))
        }
    }

    /// Names that an earlier version wrote its drafts to may be anybody's.
    @Test func filesBesideTheReportAreNotTouched() throws {
        try withTemporaryFolder { folder in
            let run = try TestRun.read()
            try "mine".write(toFile: "\(folder)/report.html.tmp", atomically: false, encoding: .utf8)
            try ReportFile.write([run], to: "\(folder)/report.html")
            #expect(try String(contentsOfFile: "\(folder)/report.html.tmp", encoding: .utf8) == "mine")
        }
    }

    /// Several reports to one place at once: each is whole when it is there, and none fails.
    @Test func severalMayBeWrittenAtOnce() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try TestRun.read()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { try ReportFile.write([run], to: "\(folder)/report.html") } }
            try await group.waitForAll()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["report.html"])
    }
}
