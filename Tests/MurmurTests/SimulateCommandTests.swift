import Foundation
import Records
import TestKit
import Testing
import Training

@Suite struct SimulateCommandTests {
    private let quadratic = ["model.name=quadratic", "model.targets=[[1], [2], [4], [9]]", "steps=20"]

    private func simulate(_ arguments: String..., in folder: String) throws -> Called {
        let process = try Command.process(["simulate"] + quadratic + arguments, in: folder)
        try process.run()
        process.waitUntilExit()
        return Called(
            code: process.terminationStatus, output: try Command.text("stdout", in: folder),
            errors: try Command.text("stderr", in: folder))
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func printsOneObjectAndKeepsNothing() throws {
        try withTemporaryFolder { folder in
            let called = try simulate("algorithm.name=gosgd", "--json", "--quiet", in: folder)
            #expect(called.code == 0 && called.errors == "")
            let outcome = try object(called.output)
            #expect(outcome["steps_min"] as? Int == 20)
            #expect((outcome["models"] as? [[Double]])?.count == 4)
            #expect((outcome["violations"] as? [Any])?.isEmpty == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["stderr", "stdout"])
        }
    }

    /// The seed of the command is the world's alone, and says so in what it prints.
    @Test func aSeedFixesTheWorld() throws {
        try withTemporaryFolder { folder in
            let faults = "simulation.faults=[{random: {seed: 1, per_hour: 50000, kinds: [drop, slow]}}]"
            let first = try simulate("--seed", "5", "--json", faults, in: folder)
            let second = try simulate("simulation.seed=5", "--json", faults, in: folder)
            let third = try simulate("--seed", "6", "--json", faults, in: folder)
            let digests = try [first, second, third].map {
                try #require(try object($0.output)["schedule_digest"] as? String)
            }
            #expect(digests[0] == digests[1] && digests[0] != digests[2])
            #expect(first.errors.contains("simulation.seed=5"))
            #expect(
                first.errors.contains("'simulation.faults=[{drop: ")
                    || first.errors.contains("'simulation.faults=[{slow: "))
        }
    }

    @Test func leavesRecordsWhereItIsTold() throws {
        try withTemporaryFolder { folder in
            #expect(try simulate("--output", "run", in: folder).code == 0)
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/run").sorted()
            #expect(
                files == [
                    "config.yaml", "environment.json", "graph.json", "metrics.jsonl", "model.safetensors",
                    "overrides.txt",
                    "simulation.json", "summary.json",
                ])
            let summary = try Summary(text: Command.text("run/summary.json", in: folder))
            #expect(summary.peers == 4 && summary.trainSeconds > 0.19 && summary.trainSeconds < 1)
            #expect(try simulate("--output", "run", in: folder).code == 73)
            // Other commands read them.
            #expect(try Command.call("report", "run", in: folder).code == 0)
        }
    }

    /// A broken promise is told with the command that shows it again; a wrong setting is told apart from it.
    @Test func exitCodesTellWhatWentWrong() throws {
        try withTemporaryFolder { folder in
            let broken = try simulate(
                "algorithm.name=dpsgd", "topology.name=ring", "simulation.faults=[{drop: 1}]", "--seed", "3", in: folder
            )
            #expect(broken.code == 1)
            #expect(broken.errors.contains("a promise is broken"))
            #expect(
                broken.errors.contains(
                    "replay it: murmur simulate model.name=quadratic 'model.targets=[[1], [2], [4], [9]]' steps=20 "
                        + "algorithm.name=dpsgd topology.name=ring 'simulation.faults=[{drop: 1}]' --seed 3"))
            let abandoned = try simulate(
                "algorithm.name=allreduce", "simulation.faults=[{crash: 1, at: 50ms}]", "--json", in: folder)
            #expect(abandoned.code == 1)
            #expect(try object(abandoned.output)["abandoned"] as? String != nil)
            let wrong = try simulate("simulation.faults=[{drop: 0.1}, {crash: 9, at: 1s}]", in: folder)
            #expect(wrong.code == 78)
            #expect(wrong.errors.contains("faults[1]"))
            let diverged = try simulate("optimizer.learning_rate=1e30", "steps=50", in: folder)
            #expect(diverged.code == 1)
            #expect(try simulate("nonsense", in: folder).code == 64)
        }
    }
}
