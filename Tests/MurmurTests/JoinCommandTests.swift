import Foundation
import TestKit
import Testing

@testable import Records

/// Runs on an open network by the built command: each peer a process, each user in a folder of its own.
@Suite(.serialized) struct JoinCommandTests {
    private static let settings = [
        "transport.name=tls", "model.name=quadratic", "model.targets=[[4, 4]]", "optimizer.name=sgd",
        "optimizer.learning_rate=0.1", "algorithm.probability=0.2",
    ]

    private func call(_ arguments: [String], as user: String, in folder: String) throws -> Called {
        try Command.call(arguments, in: folder, shell: "export XDG_CONFIG_HOME='\(folder)/\(user)'")
    }

    /// Whoever begins a run and goes on until it is told to end, and the invitation to it.
    private final class Founder {
        let process: Process
        let invitation: String

        init(_ arguments: [String] = [], in folder: String) throws {
            let shell = "export XDG_CONFIG_HOME='\(folder)/founder'"
            try #require(try Command.call("group", "new", "lab", in: folder, shell: shell).code == 0)
            let words = ["train", "--json", "--output", "run", "transport.listen=127.0.0.1:0", "steps=1000000000000"]
            process = try Command.process(words + JoinCommandTests.settings + arguments, in: folder, shell: shell)
            let pipe = Pipe()
            process.standardError = pipe
            try process.run()
            let address = try #require(Self.address(in: pipe.fileHandleForReading))
            // What else it says must not stop it.
            pipe.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
            let invited = try Command.call(
                "group", "invite", "lab", "--seed", address, in: folder, shell: shell + "; exec 2>&1")
            invitation = try #require(invited.output.split(separator: "\n").first { $0.hasPrefix("murmur:") })
                .description
        }

        /// Reads until it is said where the peer listens.
        private static func address(in stream: FileHandle) -> String? {
            var text = ""
            while case let data = stream.availableData, !data.isEmpty {
                text += String(decoding: data, as: UTF8.self)
                if let match = text.firstMatch(of: /listens at (127\.0\.0\.1:\d+)\n/) { return String(match.1) }
            }
            return nil
        }

        func end() -> Int32 {
            process.terminate()
            process.waitUntilExit()
            return process.terminationStatus
        }

        deinit { if process.isRunning { process.terminate() } }
    }

    @Test func aJoinerGetsInTrainsAndLeaves() throws {
        try withTemporaryFolder { folder in
            let founder = try Founder(in: folder)
            let joined = try call(
                ["join", founder.invitation, "steps=300", "transport.listen=none", "--json", "--output", "mine"],
                as: "joiner", in: folder)
            #expect(joined.code == 0, "\(joined.errors)")
            #expect(joined.errors.contains("joined through ") && joined.errors.contains("model of 8 bytes in "))
            let summary = try Summary(text: joined.output)
            #expect(summary.samplesSeen == 300 && summary.ending == .completed && summary.weightMass == 0)
            let model = try #require(summary.models?.first)
            #expect(model.allSatisfy { abs($0 - 4) < 0.1 })
            let peers = try call(["peers", "mine"], as: "joiner", in: folder)
            #expect(peers.code == 0 && peers.output.hasPrefix("group    lab\n"), "\(peers)")
            let metrics = try Command.text("mine/status.prom", in: folder)
            #expect(metrics.contains("murmur_steps_total{group=\"lab\""))

            // The founder has gone on, with all of the weight, until it is told to leave.
            #expect(founder.end() == 143)
            let left = try Summary(text: Command.text("run/summary.json", in: folder))
            let mass = try #require(left.weightMass)
            #expect(left.ending == .stopped && abs(mass - 1) < 1e-9)
        }
    }

    @Test func twoOfOneUserAreTwoPeers() throws {
        try withTemporaryFolder { folder in
            let founder = try Founder(in: folder)
            let joined = try call(
                ["join", founder.invitation, "steps=50", "--json", "--output", "mine"], as: "founder", in: folder)
            #expect(joined.code == 0, "\(joined.errors)")
            #expect(FileManager.default.fileExists(atPath: "\(folder)/founder/murmur/peer-2/key"))
            let second = try call(["train"] + Self.settings, as: "founder", in: folder)
            #expect(second.code == 75 && second.errors.contains("is at work in another process"), "\(second)")
            #expect(founder.end() == 143)
        }
    }

    @Test func whoTrainsSomethingElseIsToldWhat() throws {
        try withTemporaryFolder { folder in
            let founder = try Founder(in: folder)
            let other = try call(
                ["join", founder.invitation, "optimizer.learning_rate=0.5", "--output", "mine"], as: "joiner",
                in: folder)
            #expect(other.code == 78 && other.errors.contains("optimizer.learning_rate: 0.5 here, and 0.1 at "))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/mine"))
            #expect(founder.end() == 143)
        }
    }

    @Test func whatCannotBeIsOneSentenceWithARemedy() throws {
        try withTemporaryFolder { folder in
            #expect(try call(["group", "new", "lab"], as: "a", in: folder).code == 0)
            // Port 1 of this machine is nobody's.
            let invited = try call(["group", "invite", "lab", "--seed", "127.0.0.1:1"], as: "a", in: folder)
            let line = invited.output.trimmingCharacters(in: .newlines)
            let lonely = try call(["group", "invite", "lab"], as: "a", in: folder)
            let calls: [(arguments: [String], code: Int32, words: String)] = [
                // Before anything has told the peer of seeds.
                (["join", lonely.output.trimmingCharacters(in: .newlines), "--quiet"], 78, "transport.seeds: "),
                (
                    ["join", line, "--give-up", "1s", "--quiet"], 75,
                    "no seed has answered (127.0.0.1:1: Connection refused) in 1 s"
                ),
                (["join", line, "--give-up", "soon", "--quiet"], 78, "--give-up: 'soon'"),
                (["join", "nowhere", "--quiet"], 66, "nor a file"),
                (["train", "transport.name=tls", "--quiet", "peers=2"], 78, "a process has one peer"),
                (["train", "transport.name=tls", "--quiet", "algorithm.name=sgp"], 78, "needs to know all peers"),
                (["train", "transport.name=tls", "--quiet", "transport.group=zoo"], 66, "is not there"),
                (["train", "transport.name=tls", "--quiet", "transport.until=soon"], 78, "transport.until: 'soon'"),
                (["train", "transport.name=tls", "--quiet", "--trace"], 78, "--trace: a trace needs"),
                (["peers", "nowhere"], 66, "is not there"),
            ]
            for (arguments, code, words) in calls {
                let called = try call(arguments, as: "b", in: folder)
                #expect(called.code == code && called.output == "", "\(arguments): \(called)")
                #expect(called.errors.hasPrefix("murmur: ") && called.errors.contains(words), "\(called)")
                #expect(called.errors.split(separator: "\n").count == 1, "\(called)")
            }
        }
    }
}
