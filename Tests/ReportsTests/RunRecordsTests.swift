import Foundation
import Records
import TestKit
import Testing
import Training

@testable import Reports

@Suite struct RunRecordsTests {
    @Test func readsWhatARunLeaves() throws {
        let run = try TestRun.read()
        #expect(run.label == "run")
        #expect(run.remarks.isEmpty)
        #expect(run.setting("algorithm.probability") == "0.5")
        #expect(run.overrides == ["peers=2"])
        #expect(run.environment?.processor == "Some Processor")
        #expect(run.summary?.messagesByPair == [[0, 10], [20, 0]])
        #expect(run.description == "gosgd, softmax on synthetic, 2 peers")
    }

    @Test func aRunThatWasKilledIsReadAsFarAsItGoes() throws {
        let torn = TestRun.metrics + #"{"step":11,"#
        let run = try TestRun.read(["metrics.jsonl": torn, "summary.json": nil])
        #expect(run.remarks.count == 2)
        #expect(run.remarks[0].hasPrefix("line 13 of metrics.jsonl breaks off"))
        #expect(run.remarks[1].contains("no summary.json"))
        #expect(run.tests.count == 2)
    }

    /// Runs of versions that counted less are read, too.
    @Test func anOlderSummaryIsEnough() throws {
        let older = String(TestRun.summary.prefix { $0 != "[" }.dropLast(20)) + "}"
        #expect(older.hasSuffix("\"weight_mass\":1}"), "\(older)")
        let run = try TestRun.read(["summary.json": older])
        #expect(run.summary?.perPeer == nil)
        #expect(run.summary?.peers == 2)
    }

    @Test func whatIsMissingIsNamed() throws {
        try withTemporaryFolder { folder in
            let absent = try #require(throws: RecordError.self) { try RunRecords(folder: "\(folder)/none") }
            #expect(absent.kind == .missing)
            #expect("\(absent)".hasPrefix("\(folder)/none: is not there"))
            let path = try TestRun.write("run", in: folder, ["metrics.jsonl": nil])
            let empty = try #require(throws: RecordError.self) { try RunRecords(folder: path) }
            #expect(empty.kind == .missing)
            #expect(empty.place == "\(path)/metrics.jsonl")
            let file = try #require(throws: RecordError.self) { try RunRecords(folder: "\(path)/config.yaml") }
            #expect(file.message.hasPrefix("is no folder"))
        }
    }

    @Test(
        arguments: [
            ("config.yaml", "a: [1\nb: }", "config.yaml:2", "YAML"),
            ("environment.json", "{", "environment.json", "not JSON"),
            ("environment.json", "{}", "environment.json", "is not in it"),
            (
                "summary.json", TestRun.summary.replacing("\"peers\":2", with: "\"peers\":\"two\""), "summary.json",
                "'peers'"
            ),
            (
                "summary.json", TestRun.summary.replacing("[[0,10],[20,0]]", with: "[[0,10]]"), "summary.json",
                "messages_by_pair"
            ),
        ])
    func whatIsMalformedIsNamed(file: String, text: String, place: String, reason: String) throws {
        let error = try #require(throws: RecordError.self) { try TestRun.read([file: text]) }
        #expect(error.kind == .malformed)
        #expect(error.place.hasSuffix("/" + place), "\(error)")
        #expect(error.message.contains(reason), "\(error)")
    }

    @Test func namesTellRunsApart() throws {
        try withTemporaryFolder { folder in
            let paths = try ["a/run", "b/run", "c"].map { try TestRun.write($0, in: folder) }
            func labels(_ paths: [String]) throws -> [String] {
                RunRecords.named(try paths.map { try RunRecords(folder: $0) }).map(\.label)
            }
            #expect(try labels([paths[0], paths[2]]) == ["run", "c"])
            #expect(try labels(paths) == ["a/run", "b/run", "c"])
            let twice = try labels([paths[2], paths[2]])
            #expect(twice.count == 2)
            #expect(twice[0] != twice[1])
            #expect(try RunRecords(folder: paths[2] + "/../c/.").label == "c")
        }
    }

    /// One table of another size than the other, though each is square.
    @Test func tablesOfPairsAreOfOneSize() throws {
        let summary = TestRun.summary.replacing(
            "[[0,10],[20,0]]", with: "[[0,1,2],[3,0,4],[5,6,0]]")
        let error = try #require(throws: RecordError.self) { try TestRun.read(["summary.json": summary]) }
        #expect(error.kind == .malformed && error.message.contains("messages_by_pair"))
        let negative = TestRun.summary.replacing("[[0,10],[20,0]]", with: "[[0,-10],[20,0]]")
        #expect(throws: RecordError.self) { try TestRun.read(["summary.json": negative]) }
    }

    /// Whatever is no regular file is refused before it is opened: a pipe would wait for its other end.
    @Test(arguments: ["metrics.jsonl", "summary.json", "environment.json", "config.yaml", "overrides.txt"])
    func aPipeIsNoRecord(name: String) throws {
        try withTemporaryFolder { folder in
            let run = try TestRun.write("run", in: folder, [name: nil as String?])
            try #require(mkfifo("\(run)/\(name)", 0o644) == 0)
            let error = try #require(throws: RecordError.self) { try RunRecords(folder: run) }
            #expect(error.kind == .malformed && error.place == "\(run)/\(name)")
        }
    }

    /// Holes take no room on the disk: the length is looked at before anything is read.
    @Test func aFileThatIsTooLongIsNotRead() throws {
        try withTemporaryFolder { folder in
            let run = try TestRun.write("run", in: folder)
            try #require(truncate("\(run)/summary.json", 5 << 30) == 0)
            let error = try #require(throws: RecordError.self) { try RunRecords(folder: run) }
            #expect(error.kind == .malformed && error.message.contains("5368709120 bytes"))
        }
    }

    /// A few aliases of aliases would be thousands of millions of settings.
    @Test func settingsThatMultiplyAreRefused() throws {
        var text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        for level in 1...8 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let error = try #require(throws: RecordError.self) { try TestRun.read(["config.yaml": text]) }
        #expect(error.kind == .malformed && error.message.contains("the aliases stand for more than"))
    }

    /// An alias as a key would be looked up by what it stands for.
    @Test func aKeyThatIsAnAliasIsRefused() throws {
        let text = "a: &a [1, 2]\n? *a\n: 1\n"
        let error = try #require(throws: RecordError.self) { try TestRun.read(["config.yaml": text]) }
        #expect(error.kind == .malformed && error.message.contains("a key must be a word"))
    }
}
