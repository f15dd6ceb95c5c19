import Configuration
import Experiments
import Foundation
import TestKit
import Testing

@testable import Records
@testable import Training

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
            let run = try create("\(folder)/run")
            #expect(run.path == "\(folder)/run")
            let error = #expect(throws: OutputError.self) { try create("\(folder)/run/") }
            #expect(error?.description.contains("--force") == true)
        }
    }

    @Test func forceReplacesARunOnlyWhenTheNewOneIsFinished() throws {
        try withTemporaryFolder { folder in
            try make("\(folder)/run", "old")
            let run = try create("\(folder)/run", force: true)
            try run.write("new", to: "config.yaml")
            #expect(text("\(folder)/run/config.yaml") == "old")
            try run.finish()
            #expect(text("\(folder)/run/config.yaml") == "new")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["run"])
        }
    }

    /// Makes the folder of an earlier run.
    private func make(_ path: String, _ configuration: String = "old") throws {
        let run = try create(path)
        try run.write(environment.json.indented, to: "environment.json")
        try run.write(configuration, to: "config.yaml")
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

    /// Some file of a name that runs use, too, proves nothing; nor does a run among other things.
    @Test func onlyWhatIsProvenARunIsReplaced() throws {
        try withTemporaryFolder { folder in
            for (name, content) in [("config.yaml", "mine"), ("summary.json", "{}"), ("environment.json", "{}")] {
                let path = "\(folder)/\(name)-folder"
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
                try Data(content.utf8).write(to: URL(filePath: "\(path)/\(name)"))
                let error = #expect(throws: OutputError.self) { try RunFolder.check(output: path, force: true) }
                #expect(error?.description.contains("not proven") == true, "\(name)")
            }
            try make("\(folder)/run")
            try RunFolder.check(output: "\(folder)/run", force: true)
            try Data().write(to: URL(filePath: "\(folder)/run/thesis.tex"))
            let error = #expect(throws: OutputError.self) { try create("\(folder)/run", force: true) }
            #expect(error?.description.contains("holds 'thesis.tex'") == true)
            #expect(text("\(folder)/run/config.yaml") == "old")
        }
    }

    /// What somebody puts there while the new run learns is not deleted with the old one.
    @Test func whatComesMeanwhileIsKept() throws {
        try withTemporaryFolder { folder in
            try make("\(folder)/run")
            let run = try create("\(folder)/run", force: true)
            try Data("x".utf8).write(to: URL(filePath: "\(folder)/run/thesis.tex"))
            try run.finish()
            #expect(text("\(folder)/run.former/thesis.tex") == "x")
        }
    }

    @Test func linksAreFollowed() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/disk", withIntermediateDirectories: false)
            for (link, target) in [("link", "disk/run"), ("dangling", "nothing")] {
                try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(link)", withDestinationPath: target)
            }
            try make("\(folder)/disk/run")
            let run = try create("\(folder)/link", force: true)
            let place = try #require(DurableFiles.resolved("\(folder)/disk"))
            #expect(run.finalPath == "\(place)/run" && run.path == "\(place)/run.new")
            try run.write("new", to: "config.yaml")
            try run.finish()
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "disk/run")
            #expect(text("\(folder)/link/config.yaml") == "new")
            let error = #expect(throws: OutputError.self) { try create("\(folder)/dangling") }
            #expect(error?.description.contains("leads nowhere") == true)
        }
    }

    /// What cannot be renamed is refused before anything is computed.
    @Test func whatCannotBeReplacedIsRefusedAtOnce() throws {
        // A mount that may be empty; where it is not, it is no run's either.
        for path in ["/", "/proc", "/dev/shm", "."] {
            let error = #expect(throws: OutputError.self) { try RunFolder.check(output: path, force: true) }
            #expect(error?.description.contains("--force leaves it alone") == true, "\(path)")
        }
    }

    @Test func twoStartsInOneMomentGetFoldersOfTheirOwn() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let paths = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 { group.addTask { try RunFolder.makeUnused("\(folder)/runs/a") } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(paths.count == 16)
    }

    @Test func aFolderInUseIsNotReplaced() throws {
        try withTemporaryFolder { folder in
            let first = try create("\(folder)/run")
            try first.write(environment.json.indented, to: "environment.json")
            let error = #expect(throws: OutputError.self) { try create("\(folder)/run", force: true) }
            #expect(error?.description.contains("another process") == true)
            withExtendedLifetime(first) {}
        }
    }

    /// The same moment in New York and in Kiritimati, and both hours of the night in which clocks go back.
    @Test func timestampsAreOfNoZone() {
        let date = Date(timeIntervalSince1970: 1_793_511_000)
        #expect(Environment.timestamp(date) == "20261101-053000")
        #expect(Environment.timestamp(date + 3600) == "20261101-063000")
        #expect(Environment.timestamp(Date(timeIntervalSince1970: 0)) == "19700101-000000")
    }
}
