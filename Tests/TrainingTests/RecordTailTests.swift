import Foundation
import TestKit
import Testing

@testable import Records

@Suite struct RecordTailTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { "\(folder.path)/metrics.jsonl" }

    private func write(_ text: String) throws { try folder.write("metrics.jsonl", Array(text.utf8)) }

    private func append(_ text: String) throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    /// Everything up to the end, and how often it began again.
    private func all(_ tail: inout RecordTail) -> (lines: [String], restarts: Int) {
        var (lines, restarts): ([String], Int) = ([], 0)
        while true {
            let step = tail.next()
            if step.isRestarted { (lines, restarts) = ([], restarts + 1) }
            lines += step.lines.map { String(decoding: $0, as: UTF8.self) }
            if step.lines.isEmpty, !step.isRestarted { return (lines, restarts) }
        }
    }

    @Test func linesComeOnceTheyAreWhole() throws {
        var tail = RecordTail(path)
        #expect(all(&tail).lines == [])
        try write("one\ntw")
        #expect(all(&tail).lines == ["one"])
        try append("o\n\nthree")
        #expect(all(&tail).lines == ["two", ""])
        #expect(all(&tail).lines == [])
        try append("\n")
        #expect(all(&tail).lines == ["three"])
    }

    /// Longer than one block, cut at any place.
    @Test func blocksDoNotTearLines() throws {
        let lines = (0..<3000).map { "\($0) " + String(repeating: "é", count: $0 % 300) }
        try write(lines.map { $0 + "\n" }.joined())
        var tail = RecordTail(path)
        #expect(all(&tail).lines == lines)
    }

    /// A resumed run cuts the file behind its checkpoint and writes on.
    @Test func aFileThatWasCutBeginsAgain() throws {
        try write("a\nb\nc\nd\n")
        var tail = RecordTail(path)
        _ = all(&tail)
        try write("a\nb\n")
        #expect(all(&tail) == (["a", "b"], 1))
        // Cut and grown longer than it was between two looks.
        try write("a\nx\nyyyyyyyyyyyy\n")
        #expect(all(&tail) == (["a", "x", "yyyyyyyyyyyy"], 1))
        #expect(all(&tail) == ([], 0))
    }

    @Test func aFileInItsPlaceBeginsAgain() throws {
        try write("a\nb\n")
        var tail = RecordTail(path)
        _ = all(&tail)
        try folder.write("new", Array("a\nb\nc\n".utf8))
        #expect(rename("\(folder.path)/new", path) == 0)
        #expect(all(&tail) == (["a", "b", "c"], 1))
    }

    /// A line without end is no record, whatever it costs to keep it.
    @Test func aLineWithoutEndIsLeftOut() throws {
        try write("a\n" + String(repeating: "x", count: 3 << 20) + "\nb\n")
        var tail = RecordTail(path)
        var lines: [String] = []
        for _ in 0..<40 { lines += tail.next().lines.map { String(decoding: $0, as: UTF8.self) } }
        #expect(lines == ["a", "b"])
    }

    @Test func whatIsNoFileIsNotRead() throws {
        #expect(mkfifo(path, 0o600) == 0)
        var tail = RecordTail(path)
        #expect(all(&tail).lines == [])
    }
}
