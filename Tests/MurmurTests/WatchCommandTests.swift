import Foundation
import TestKit
import Testing

@testable import murmur

@Suite struct WatchCommandTests {
    private let run = [
        "simulate", "model.name=softmax", "data.name=synthetic", "data.samples=64", "peers=3", "batch=8", "epochs=2",
        "algorithm.name=dpsgd", "topology.name=ring", "--output", "run",
    ]

    @Test func aRunThatIsOverIsReplayed() throws {
        try withTemporaryFolder { folder in
            #expect(try Command.call(run, in: folder).code == 0)
            let called = try Command.call("watch", "run", in: folder)
            #expect(called.code == 0 && called.errors == "")
            let lines = called.output.split(separator: "\n")
            #expect(lines.count { $0.hasPrefix("test   step ") && $0.contains("consensus distance") } == 2)
            #expect(try #require(lines.last).hasPrefix("over after ") && lines.last?.contains("messages") == true)
        }
    }

    /// What stands in records reaches the terminal without what it would obey, and torn lines not at all.
    @Test func hostileRecordsAreHarmless() throws {
        try withTemporaryFolder { folder in
            #expect(try Command.call(run, in: folder).code == 0)
            let hostile = "{\"kind\":\"\u{1B}[2J\"}\n[1,2\n\"x\"\n{\"kind\":\"pulse\",\"step\":1e99}\n"
            let metrics = try Command.text("run/metrics.jsonl", in: folder)
            try Data((hostile + metrics + "{\"kind\":\"con").utf8).write(
                to: URL(filePath: "\(folder)/run/metrics.jsonl"))
            let called = try Command.call("watch", "run", in: folder)
            #expect(called.code == 0 && !called.output.contains("\u{1B}"))
            #expect(called.output.contains("over after "))
        }
        let watched = WatchedRun([("name", "a\u{1B}[31m\u{202E}b")], folder: "run")
        #expect(watched.title == "a\u{FFFD}[31m\u{FFFD}b")
    }

    @Test func aMissingRunIsSaid() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call("watch", "none", in: folder)
            #expect(called.code == 66 && called.output == "")
            #expect(called.errors.hasPrefix("murmur: none: is no folder of a run"))
            #expect(called.errors.split(separator: "\n").count == 1)
        }
    }

    /// The page of a run is served until Ctrl-C, which ends the watch with its own code.
    @Test func thePageIsServedUntilCtrlC() throws {
        try withTemporaryFolder { folder in
            #expect(try Command.call(run, in: folder).code == 0)
            let process = try Command.process(["watch", "--dashboard", "run"], in: folder)
            let pipe = Pipe()
            process.standardError = pipe
            try process.run()
            let said = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
            #expect(said.contains("http://127.0.0.1:"))
            kill(process.processIdentifier, SIGINT)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        }
    }

    /// A trace and a page need a folder.
    @Test(arguments: ["--trace", "--dashboard", "--dashboard=0"]) func withoutAFolderThereIsNothingToShow(
        flag: String
    ) throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(["simulate", flag, "peers=2"], in: folder)
            #expect(called.code == 64 && called.errors.contains("--output"))
        }
    }

    /// The page is there while the run goes on, and the run ends as without it; its trace lies in its folder.
    @Test func aRunWithItsPageAndTrace() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(
                ["train"] + run.dropFirst() + ["--dashboard", "seed=2", "--trace"], in: folder)
            #expect(called.code == 0 && called.errors.contains("dashboard  http://127.0.0.1:"))
            let trace = try ParsedTrace(path: "\(folder)/run/trace.json")
            #expect(trace.complaints == [] && trace.names.count == 3)
            // What a trace leaves does not keep the folder from being replaced.
            let again = try Command.call(["train"] + run.dropFirst() + ["--force", "--quiet"], in: folder)
            #expect(again.code == 0)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/run/trace.json"))
        }
    }

    @Test func aPortIsToldFromWhatFollows() {
        #expect(
            Murmur.separatingSettings(["train", "--dashboard", "peers=4", "--dashboard", "80", "--dashboard"])
                == ["train", "--dashboard=0", "peers=4", "--dashboard", "80", "--dashboard=0"])
    }
}
