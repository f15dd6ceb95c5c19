import Foundation
import Randomness
import TestKit
import Testing

@testable import Checkpoints
@testable import Records
@testable import Training

/// The command that dies, and goes on.
@Suite struct CheckpointCommandTests {
    /// A run that is saved after every other step.
    private let small = [
        "train", "model.name=softmax", "data.name=synthetic", "data.samples=64", "data.size=4", "batch=8",
        "steps=100", "evaluate.every_epochs=3", "--quiet",
    ]
    private let alone = ["algorithm.name=centralized", "peers=1", "checkpoint.every_epochs=0.25"]
    private let gossip = [
        "algorithm.name=gosgd", "peers=2", "algorithm.probability=1", "checkpoint.every_epochs=0.5",
    ]

    private func begin(
        _ arguments: [String], in folder: String, dyingAt operation: Int? = nil
    ) throws -> Process {
        let process = try Command.process(small + arguments, in: folder)
        var environment = ProcessInfo.processInfo.environment
        environment["MURMUR_TEST_DIE_AT_CHECKPOINT_OPERATION"] = operation.map { "\($0)" }
        process.environment = environment
        try process.run()
        return process
    }

    private func call(_ arguments: [String], in folder: String, dyingAt operation: Int? = nil) throws -> Called {
        let process = try begin(arguments, in: folder, dyingAt: operation)
        process.waitUntilExit()
        return Called(
            code: process.terminationStatus, output: try Command.text("stdout", in: folder),
            errors: try Command.text("stderr", in: folder))
    }

    private func summary(_ run: String, in folder: String) throws -> Summary {
        try Summary(text: Command.text("\(run)/summary.json", in: folder))
    }

    /// The tensors of a saved model, without the header that tells the experiment.
    private func model(_ path: String) throws -> Data {
        let data = try #require(FileManager.default.contents(atPath: path))
        let header = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        return data.dropFirst(8 + header)
    }

    /// The lines of a run, without those that tell how peers stand: how many there are depends on the clock.
    private func records(_ run: String, in folder: String) throws -> [Substring] {
        try Command.text("\(run)/metrics.jsonl", in: folder).split(separator: "\n")
            .filter { !$0.contains(#""kind":"pulse""#) }
    }

    /// Whole lines, each JSON, and no record of a peer twice.
    private func checkRecords(_ run: String, in folder: String) throws {
        var seen: Set<String> = []
        for line in try records(run, in: folder) {
            let record = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let key = ["step", "peer", "split", "kind"].map { record[$0].map { "\($0)" } ?? "-" }
            #expect(seen.insert(key.joined(separator: " ")).inserted, "\(line) comes twice")
        }
    }

    /// Killed at 20 random operations of writing and removing checkpoints, of which one with one peer takes about 25.
    @Test func killedWhileItSaves() throws {
        try withTemporaryFolder { folder in
            #expect(try call(alone + ["--output", "whole"], in: folder).code == 0)
            var random = RandomStream(seed: 3, purpose: .test)
            var crashes = 0
            var resume: [String] = []
            while crashes < 20 {
                let operation = 1 + random.integer(below: 40)
                let process = try begin(alone + resume + ["--output", "run"], in: folder, dyingAt: operation)
                process.waitUntilExit()
                let errors = try Command.text("stderr", in: folder)
                try #require(
                    process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL,
                    "after \(crashes) crashes: \(process.terminationStatus), \(errors)")
                crashes += 1
                resume = ["checkpoint.resume=last"]
            }
            let last = try call(alone + resume + ["--output", "run"], in: folder)
            #expect(last.code == 0, "\(last.errors)")
            #expect(try model("\(folder)/run/model.safetensors") == model("\(folder)/whole/model.safetensors"))
            #expect(try summary("run", in: folder).samplesSeen == summary("whole", in: folder).samplesSeen)
            #expect(try summary("run", in: folder).testLoss == summary("whole", in: folder).testLoss)
            try checkRecords("run", in: folder)
            #expect(try records("run", in: folder).count == records("whole", in: folder).count)
            let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/run/checkpoints")
            #expect(left.count == 2 && left.allSatisfy { $0.hasPrefix("step-") && !$0.hasSuffix(".tmp") }, "\(left)")
        }
    }

    /// Killed from outside while peers gossip, whenever the records have grown by some lines.
    @Test func killedWhileItLearns() throws {
        try withTemporaryFolder { folder in
            var random = RandomStream(seed: 4, purpose: .test)
            // More steps than it makes before it is killed for the last time.
            let long = gossip + ["steps=20000", "--output", "run"]
            var resume: [String] = []
            let pause = DispatchSemaphore(value: 0)
            func size() -> Int {
                let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/run/metrics.jsonl")
                return attributes?[.size] as? Int ?? 0
            }
            for _ in 0..<8 {
                let process = try begin(long + resume, in: folder)
                // The file is cut where the checkpoint was, and grows again from there.
                var least = Int.max
                let growth = 200 + random.integer(below: 2000)
                while process.isRunning {
                    let now = size()
                    if now > 0 { least = min(least, now) }
                    if now > 0, now - least >= growth { break }
                    _ = pause.wait(timeout: .now() + .milliseconds(1))
                }
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                let errors = try Command.text("stderr", in: folder)
                #expect(process.terminationReason == .uncaughtSignal, "\(errors)")
                resume = ["checkpoint.resume=last"]
            }
            let newest = try #require(CheckpointFolder.names(in: "\(folder)/run/checkpoints").last)
            let steps = Int(try Checkpoint(verifying: "\(folder)/run/checkpoints/\(newest)").step) + 100
            let last = try call(gossip + ["--output", "run", "steps=\(steps)"] + resume, in: folder)
            #expect(last.code == 0, "\(last.errors)")
            let summary = try summary("run", in: folder)
            #expect(summary.samplesSeen == steps * 2 * 8)
            #expect(abs(try #require(summary.weightMass) - 1) <= 1e-12)
            #expect(summary.messagesSent == 2 * steps)
            try checkRecords("run", in: folder)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aSignalSavesFirst(number: Int32) throws {
        try withTemporaryFolder { folder in
            let long = alone + ["steps=1000000", "checkpoint.every_epochs=1e5", "--output", "run"]
            let process = try begin(long, in: folder)
            let pause = DispatchSemaphore(value: 0)
            while process.isRunning, (try? Command.text("run/metrics.jsonl", in: folder))?.isEmpty ?? true {
                _ = pause.wait(timeout: .now() + .milliseconds(10))
            }
            kill(process.processIdentifier, number)
            process.waitUntilExit()
            #expect(process.terminationStatus == 128 + number)
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/run/checkpoints")
            #expect(names.count == 1)
            let seen = try summary("run", in: folder).samplesSeen
            let more = (seen / 8) + 50
            let resumed = try call(
                alone + ["steps=\(more)", "checkpoint.resume=last", "--output", "run", "--json"], in: folder)
            #expect(resumed.code == 0, "\(resumed.errors)")
            #expect(try Summary(text: resumed.output).samplesSeen == more * 8)
        }
    }

    /// Bad input: the exit code, the words, and not a byte changed.
    @Test func whatIsRefusedIsLeftAsItWas() throws {
        try withTemporaryFolder { folder in
            #expect(try call(alone + ["--output", "run"], in: folder).code == 0)
            func files() throws -> [String: Data] {
                let names = try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/run")
                return Dictionary(
                    uniqueKeysWithValues: names.map {
                        ($0, FileManager.default.contents(atPath: "\(folder)/run/\($0)") ?? Data())
                    })
            }
            func refused(_ arguments: [String], _ code: Int32, _ words: String...) throws {
                let before = try files()
                let called = try call(alone + arguments, in: folder)
                #expect(called.code == code, "\(arguments): \(called.errors)")
                for word in words { #expect(called.errors.contains(word), "\(called.errors)") }
                #expect(called.errors.count { $0 == "\n" } == 1)
                #expect(try files() == before)
            }
            let again = ["checkpoint.resume=last", "--output", "run"]
            try refused(again + ["batch=16"], 78, "batch: 8", "batch=8")
            try refused(again + ["optimizer.name=sgd"], 78, "optimizer.name: momentum")
            try refused(again + ["steps=10"], 78, "ends after 10")
            try refused(["checkpoint.resume=last", "--output", "none"], 66, "none: there is no such run")
            try refused(["checkpoint.resume=last"], 66, "no run named 'gosgd-fashion'")
            try refused(["checkpoint.resume=elsewhere"], 66, "elsewhere: there is no such checkpoint")
            let newest = CheckpointFolder.names(in: "\(folder)/run/checkpoints")[1]
            let peer = "\(folder)/run/checkpoints/\(newest)/peer-000.safetensors"
            var bytes = try #require(FileManager.default.contents(atPath: peer))
            bytes[bytes.count / 2] ^= 4
            try bytes.write(to: URL(filePath: peer))
            try refused(
                again, 65, "peer-000.safetensors: does not have the checksum", "checkpoint.resume=run/checkpoints/")
            let older = CheckpointFolder.names(in: "\(folder)/run/checkpoints")[0]
            let torn = "{\"step\":1"
            let metrics = try #require(FileHandle(forWritingAtPath: "\(folder)/run/metrics.jsonl"))
            try metrics.seekToEnd()
            try metrics.write(contentsOf: Data(torn.utf8))
            let process = try Command.process(
                Array(small.dropLast()) + alone + ["checkpoint.resume=run/checkpoints/\(older)"], in: folder)
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(try Command.text("stderr", in: folder).contains("a torn last line dropped"))
            try checkRecords("run", in: folder)
        }
    }

    @Test func theNewestRunOfTheNameIsFound() throws {
        try withTemporaryFolder { folder in
            for _ in 0..<2 { #expect(try call(gossip + ["name=a"], in: folder).code == 0) }
            #expect(try call(gossip + ["name=a-b"], in: folder).code == 0)
            let runs = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs").sorted()
            #expect(runs.count == 3)
            let called = try call(gossip + ["name=a", "steps=150", "checkpoint.resume=last"], in: folder)
            #expect(called.code == 0, "\(called.errors)")
            // Two runs of one second are NAME-TIME and NAME-TIME-2, which sorts behind.
            let newest = try #require(runs.filter { !$0.hasPrefix("a-b") }.max())
            #expect(try summary("runs/\(newest)", in: folder).samplesSeen == 150 * 2 * 8)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs").sorted() == runs)
        }
    }

    /// Of two runs that one clock has named in the wrong order, the one that says it began later goes on.
    @Test func theNewestRunIsThatOfTheRecords() throws {
        try withTemporaryFolder { folder in
            for (time, started) in [("20261101-013000", "20261101-063000"), ("20261101-015900", "20261101-055900")] {
                let run = "runs/a-\(time)"
                #expect(try call(gossip + ["name=a", "--output", run], in: folder).code == 0)
                let environment = try Command.text("\(run)/environment.json", in: folder)
                let changed = environment.replacing(/"started": "[^"]*"/, with: "\"started\": \"\(started)\"")
                try Data(changed.utf8).write(to: URL(filePath: "\(folder)/\(run)/environment.json"))
            }
            let called = try call(gossip + ["name=a", "steps=150", "checkpoint.resume=last"], in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(try summary("runs/a-20261101-013000", in: folder).samplesSeen == 150 * 2 * 8)
        }
    }

    /// A folder has one writer: neither a second resumption nor a run that would replace it.
    @Test func aFolderThatIsWrittenIsRefused() throws {
        try withTemporaryFolder { folder in
            let first = try begin(gossip + ["steps=1000000", "--output", "run"], in: folder)
            let pause = DispatchSemaphore(value: 0)
            let place = "\(folder)/run/checkpoints"
            while first.isRunning, CheckpointFolder.names(in: place).isEmpty {
                _ = pause.wait(timeout: .now() + .milliseconds(10))
            }
            for arguments in [["steps=2000000", "checkpoint.resume=last"], ["--force"]] {
                let called = try call(gossip + arguments + ["--output", "run"], in: folder)
                #expect(called.code == 73, "\(called.errors)")
                #expect(called.errors.contains("another process writes its run there"), "\(called.errors)")
            }
            #expect(first.isRunning)
            kill(first.processIdentifier, SIGKILL)
            first.waitUntilExit()
            try checkRecords("run", in: folder)
        }
    }
}
