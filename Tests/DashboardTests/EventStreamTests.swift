import Foundation
import Records
import TestKit
import Testing

@testable import Dashboard

@Suite struct EventStreamTests {
    private struct Event: Equatable {
        var name = "message"
        var id: String?
        var data = ""
    }

    /// All that a stream tells until it has nothing to say.
    private func told(_ stream: inout EventStream) -> [Event] {
        var text = ""
        while true {
            let more = stream.next()
            if more.isEmpty { break }
            text += more
        }
        return text.components(separatedBy: "\n\n").dropLast().map { block in
            var event = Event()
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
                switch parts[0] {
                case "event": event.name = parts[1]
                case "id": event.id = parts[1]
                default: event.data = parts[1]
                }
            }
            return event
        }
    }

    private func stream(_ folder: TemporaryFolder, from id: String? = nil, isWritten: Bool = true) -> EventStream {
        EventStream(lastEventID: id) { [path = folder.path] in RunFollower(folder: path) { isWritten } }
    }

    private func write(_ lines: [String], _ folder: TemporaryFolder) throws {
        try folder.write("metrics.jsonl", Array(lines.joined(separator: "\n").utf8))
    }

    @Test func settingsComeFirstThenEveryLine() throws {
        let folder = try TemporaryFolder()
        try folder.write("config.yaml", Array("name: \"<b>\\n\"\nalgorithm: {name: gosgd}\n".utf8))
        try write([#"{"step":1}"#, "torn {", "a\rb\u{1}", ""], folder)
        var stream = stream(folder)
        let events = told(&stream)
        #expect(events[0] == Event(name: "run", data: #"[["name","<b>\n"],["algorithm.name","gosgd"]]"#))
        // Whatever a line holds, it stays one line of the stream.
        #expect(events.dropFirst().map(\.data) == [#"{"step":1}"#, "torn {", "a b "])
        #expect(told(&stream) == [] && !stream.isOver)
        // The last line grows whole only then.
        try write([#"{"step":1}"#, "torn {", "a\rb\u{1}", "half", ""], folder)
        #expect(told(&stream).map(\.data) == ["half"])
    }

    @Test func whoComesBackMissesNothingAndHearsNothingTwice() throws {
        let folder = try TemporaryFolder()
        try write(["a", "b", "c", ""], folder)
        var first = stream(folder)
        let events = told(&first)
        var second = stream(folder, from: events[2].id)
        #expect(told(&second).dropFirst().map(\.data) == ["c"])
        try write(["a", "b", "c", "d", ""], folder)
        #expect(told(&second).map(\.data) == ["d"])
        var third = stream(folder, from: "no number")
        #expect(told(&third).count == 1 + 4)
    }

    /// A run that was resumed meanwhile, from before the line that the reader had last, or with another in its place.
    @Test(arguments: [["a", ""], ["a", "x", "y", ""]]) func aReaderOfAnotherFileBeginsAgain(lines: [String]) throws {
        let folder = try TemporaryFolder()
        try write(["a", "b", ""], folder)
        var first = stream(folder)
        let id = told(&first).last?.id
        try write(lines, folder)
        var second = stream(folder, from: id)
        let events = told(&second)
        #expect(events.map(\.name).prefix(2) == ["run", "restarted"])
        #expect(events.dropFirst(2).map(\.data) == Array(lines.dropLast()))
    }

    @Test func theEndIsTold() throws {
        let folder = try TemporaryFolder()
        try write(["a", ""], folder)
        try folder.write("summary.json", Array("{\n  \"peers\": 4\n}\n".utf8))
        var stream = stream(folder, isWritten: false)
        _ = told(&stream)
        let last = told(&stream)
        #expect(last == [Event(name: "over", data: "{   \"peers\": 4 } ")] && stream.isOver)
        #expect(stream.next() == "")
    }
}
