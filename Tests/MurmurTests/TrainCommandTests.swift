import Foundation
import Records
import TestKit
import Testing
import Training

@Suite struct TrainCommandTests {
    /// A run of a few milliseconds.
    private let small = ["train", "model.name=softmax", "data.name=synthetic", "data.samples=64", "peers=2", "batch=8"]

    private func train(_ arguments: String..., in folder: String, shell: String? = nil) throws -> Called {
        let process = try Command.process(small + arguments, in: folder, shell: shell)
        try process.run()
        process.waitUntilExit()
        return Called(
            code: process.terminationStatus, output: try Command.text("stdout", in: folder),
            errors: try Command.text("stderr", in: folder))
    }

    @Test func leavesItsRecords() throws {
        try withTemporaryFolder { folder in
            let called = try train("steps=3", "--output", "run", "--json", "--quiet", in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(called.errors == "")
            let summary = try Summary(text: called.output)
            #expect(summary.samplesSeen == 2 * 3 * 8)
            #expect(try Summary(text: Command.text("run/summary.json", in: folder)) == summary)
            let inner = /[{\[][^{}\[\]]*[}\]]/
            var outer = called.output.dropFirst().dropLast(2)[...]
            while outer.contains(inner) { outer = outer.replacing(inner, with: "0") }
            let keys = outer.matches(of: /"([a-z_]+)":/).map { String($0.1) }
            #expect(keys == keys.sorted() && keys.contains("version"), "\(outer)")
            #expect(try Command.text("run/overrides.txt", in: folder).contains("steps=3\n"))
            for line in try Command.text("run/metrics.jsonl", in: folder).split(separator: "\n") {
                #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
            }
        }
    }

    @Test func leavesEarlierResultsAlone() throws {
        try withTemporaryFolder { folder in
            #expect(try train("steps=3", "--output", "run", in: folder).code == 0)
            let before = try Command.text("run/summary.json", in: folder)
            let refused = try train("steps=4", "--output", "run", in: folder)
            #expect(refused.code == 73)
            #expect(refused.errors.contains("--force"))
            // A run that fails replaces nothing, even when told to.
            let diverged = try train(
                "steps=9", "optimizer.learning_rate=1e38", "--output", "run", "--force", "--json", in: folder)
            #expect(diverged.code == 1)
            #expect(diverged.errors.contains("learning_rate"))
            _ = try Summary(text: diverged.output)
            #expect(try Command.text("run/summary.json", in: folder) == before)
            #expect(try train("steps=4", "--output", "run", "--force", in: folder).code == 0)
            #expect(try Command.text("run/config.yaml", in: folder).contains("steps: 4\n"))
        }
    }

    @Test func aFullDiskEndsTheRun() throws {
        try withTemporaryFolder { folder in
            // A limit on the size of files stands for a disk with little room.
            let called = try train(
                "epochs=2000", "--output", "run", "--quiet", in: folder, shell: "trap '' XFSZ; ulimit -f 8")
            #expect(called.code == 73)
            #expect(called.errors.contains("run/metrics.jsonl: cannot be written"))
            let lines = try Command.text("run/metrics.jsonl", in: folder)
            #expect(lines.hasSuffix("}\n"))
            #expect(lines.utf8.count > 1000)
        }
    }

    /// What whoever started the command had it ignore, as nohup does, it ignores.
    @Test(arguments: [("INT", SIGINT), ("HUP", SIGHUP)]) func anIgnoredSignalStaysIgnored(
        name: String, number: Int32
    ) throws {
        try withTemporaryFolder { folder in
            let process = try Command.process(
                small + ["epochs=1000000", "--output", "run", "--quiet"], in: folder, shell: "trap '' \(name)")
            try process.run()
            let pause = DispatchSemaphore(value: 0)
            func byteCount() -> Int { (try? Command.text("run/metrics.jsonl", in: folder))?.utf8.count ?? 0 }
            while process.isRunning, byteCount() == 0 { _ = pause.wait(timeout: .now() + .milliseconds(10)) }
            kill(process.processIdentifier, number)
            let before = byteCount()
            while process.isRunning, byteCount() <= before { _ = pause.wait(timeout: .now() + .milliseconds(10)) }
            #expect(process.isRunning)
            kill(process.processIdentifier, SIGTERM)
            process.waitUntilExit()
            #expect(process.terminationStatus == 128 + SIGTERM)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aSignalEndsItCleanly(number: Int32) throws {
        try withTemporaryFolder { folder in
            let process = try Command.process(
                small + ["epochs=1000000", "--output", "run", "--quiet"], in: folder)
            try process.run()
            let pause = DispatchSemaphore(value: 0)
            while process.isRunning, (try? Command.text("run/metrics.jsonl", in: folder))?.isEmpty ?? true {
                _ = pause.wait(timeout: .now() + .milliseconds(10))
            }
            kill(process.processIdentifier, number)
            process.waitUntilExit()
            #expect(process.terminationStatus == 128 + number)
            #expect(try Summary(text: Command.text("run/summary.json", in: folder)).samplesSeen > 0)
        }
    }
}
