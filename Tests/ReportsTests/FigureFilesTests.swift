import Foundation
import Records
import TestKit
import Testing
import Training

@testable import Reports

@Suite struct FigureFilesTests {
    private let figure = Figure(name: "loss", table: "\(Figure.mark)\n1\n", script: "\(Figure.mark)\nplot 1\n")

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func replacesItsOwnFilesAndKeepsWhatWasMadeOnesOwn() throws {
        try withTemporaryFolder { folder in
            let place = "\(folder)/a/b"
            #expect(try FigureFiles.write([figure], to: place) == FigureFiles.Written(names: ["loss"]))
            #expect(try FigureFiles.write([figure], to: place).kept.isEmpty)
            try "plot 2\n".write(toFile: "\(place)/loss.gp", atomically: false, encoding: .utf8)
            #expect(try FigureFiles.write([figure], to: place).kept == ["\(place)/loss.gp"])
            #expect(try text("\(place)/loss.gp") == "plot 2\n")
            #expect(try text("\(place)/loss.tsv") == figure.table)
        }
    }

    @Test(arguments: ["tsv", "gp", "svg", "png"]) func leavesOtherFilesAlone(end: String) throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/loss.\(end)"
            try "mine".write(toFile: path, atomically: false, encoding: .utf8)
            let other = Figure(name: "accuracy", table: figure.table, script: figure.script)
            let error = try #require(throws: OutputError.self) { try FigureFiles.write([other, figure], to: folder) }
            #expect(error.path == path)
            #expect(try text(path) == "mine")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
        }
    }
}
