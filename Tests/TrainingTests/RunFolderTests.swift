import Foundation
import TestKit
import Testing
import Training

@Suite struct RunFolderTests {
    private func create(_ output: String, force: Bool = false) throws(OutputError) -> RunFolder {
        try RunFolder.create(output: output, name: "a", timestamp: "20260102-030405", force: force)
    }

    private let environment = Environment(
        processor: "one", processorFeatures: ["avx2"], cores: 2, memoryBytes: 3, kernel: "6", oneDNNVersion: nil,
        commandLine: ["murmur", "train"], started: "20260102-030405")

    @Test func holdsWhatTheRunIs() throws {
        try withTemporaryFolder { folder in
            let loaded = try load("peers: 2", "steps=3", "name=b")
            let run = try create("\(folder)/deep/run")
            try run.writeDescription(loaded, environment: environment)
            #expect(try load(#require(text("\(folder)/deep/run/config.yaml"))).experiment == loaded.experiment)
            #expect(text("\(folder)/deep/run/overrides.txt") == "steps=3\nname=b\n")
            #expect(text("\(folder)/deep/run/environment.json")?.contains("\"onednn_version\": null") == true)
            #expect(
                Set(try FileManager.default.contentsOfDirectory(atPath: run.path)) == [
                    "config.yaml", "overrides.txt", "environment.json",
                ])
        }
    }

    @Test func anEarlierFolderIsRefused() throws {
        try withTemporaryFolder { folder in
            _ = try create("\(folder)/run")
            let error = #expect(throws: OutputError.self) { try create("\(folder)/run/") }
            #expect(error?.description.contains("--force") == true)
        }
    }

    @Test func forceReplacesARunOnlyWhenTheNewOneIsFinished() throws {
        try withTemporaryFolder { folder in
            try create("\(folder)/run").write("old", to: "config.yaml")
            let run = try create("\(folder)/run", force: true)
            try run.write("new", to: "config.yaml")
            #expect(text("\(folder)/run/config.yaml") == "old")
            try run.finish()
            #expect(text("\(folder)/run/config.yaml") == "new")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["run"])
        }
    }

    @Test func forceLeavesEverythingElseAlone() throws {
        try withTemporaryFolder { folder in
            try Data("x".utf8).write(to: URL(filePath: "\(folder)/thesis.tex"))
            #expect(throws: OutputError.self) { try create(folder, force: true) }
            #expect(throws: OutputError.self) { try create("\(folder)/thesis.tex", force: true) }
            #expect(throws: OutputError.self) { try create("\(folder)/thesis.tex/run") }
            #expect(text("\(folder)/thesis.tex") == "x")
        }
    }

    @Test func environmentsAreReadFromTheMachine() {
        let here = Environment.current(oneDNNVersion: "2.6.3", commandLine: ["murmur"], started: "now")
        #expect(here.cores > 0)
        #expect(here.memoryBytes > 1 << 20)
        #expect(here.kernel.contains("."))
        #expect(here.json.text.contains("\"onednn_version\":\"2.6.3\""))
    }
}
