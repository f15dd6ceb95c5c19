import Foundation
import Records
import TestKit
import Testing

@testable import Reports

@Suite struct ExportFormTests {
    @Test(arguments: ExportForm.allCases) func replacesItsOwnFilesAndNothingElse(form: ExportForm) throws {
        try withTemporaryFolder { folder in
            let run = try TestRun.read()
            let place = "\(folder)/a/out"
            try form.write(run, to: place)
            let names = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
            try form.write(run, to: place)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place).sorted() == names && !names.isEmpty)

            try "mine".write(toFile: "\(place)/mine.txt", atomically: false, encoding: .utf8)
            let error = try #require(throws: OutputError.self) { try form.write(run, to: place) }
            #expect(error.message.contains("holds 'mine.txt'"))
            #expect(throws: OutputError.self) { try form.write(run, to: "\(place)/mine.txt") }
            #expect(throws: OutputError.self) { try form.write(run, to: "\(place)/mine.txt/out") }
        }
    }

    /// A folder of events beside that of another run would be shown as one of this run's.
    @Test func anotherRunsEventsAreNotMixedIn() throws {
        try withTemporaryFolder { folder in
            let form = ExportForm.tensorboard
            try form.write(try TestRun.read(), to: folder)
            let later = TestRun.environment.replacing("20260101", with: "20270101")
            #expect(throws: OutputError.self) {
                try form.write(try TestRun.read(["environment.json": later]), to: folder)
            }
        }
    }
}
