import Foundation
import TestKit
import Testing

@Suite struct CommandTests {
    @Test(arguments: ["models", "algorithms", "topologies", "datasets"])
    func listsAreOneObjectAlone(list: String) throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(list, "--json", in: folder)
            #expect(called.code == 0)
            #expect(called.errors == "")
            let object = try JSONSerialization.jsonObject(with: Data(called.output.utf8)) as? [String: Any]
            #expect(object?.keys.elementsEqual([list]) == true)
            let names = (object?[list] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
            #expect(!names.isEmpty)
            let lines = try Command.call(list, in: folder).output.split(separator: "\n")
            #expect(lines.map { String($0.prefix { $0 != " " }) } == names)
        }
    }

    @Test func mistakesHaveTheirCodes() throws {
        try withTemporaryFolder { folder in
            try Data("peers: 2\noptimizer:\n  learning_rte: 1\n".utf8).write(to: URL(filePath: "\(folder)/typo.yaml"))
            let typo = try Command.call("train", "-c", "typo.yaml", in: folder)
            #expect(typo.code == 78)
            #expect(typo.output == "")
            #expect(
                typo.errors == "murmur: typo.yaml:3:3: optimizer.learning_rte: unknown key 'learning_rte'; "
                    + "did you mean 'learning_rate'?\n")
            #expect(try Command.call("config", "validate", "typo.yaml", in: folder).code == 78)
            #expect(try Command.call("train", "-c", "missing.yaml", in: folder).code == 66)
            #expect(try Command.call("train", "data.name=mnist", "data.path=nowhere", in: folder).code == 66)
            #expect(try Command.call("train", "peers=0", in: folder).code == 78)
            #expect(try Command.call("train", "model.name=nothing", in: folder).code == 78)
            let lies = "simulation.faults=[{clock: {peer: 0, by: 1s}, at: 1s}]"
            #expect(try Command.call("train", lies, in: folder).code == 78)
            #expect(try Command.call("train", "file.yaml", in: folder).code == 64)
            #expect(try Command.call("train", "--tracks", in: folder).code == 64)
            #expect(try Command.call("nothing", in: folder).code == 64)
            // None of them has left anything behind.
            #expect(
                Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == ["typo.yaml", "stdout", "stderr"])
        }
    }

    @Test func thePrintedExperimentReadsBack() throws {
        try withTemporaryFolder { folder in
            let printed = try Command.call("train", "--print-config", "peers=3", "steps=7", in: folder)
            #expect(printed.code == 0)
            try Data(printed.output.utf8).write(to: URL(filePath: "\(folder)/a.yaml"))
            #expect(try Command.call("train", "-c", "a.yaml", "--print-config", in: folder).output == printed.output)
            #expect(try Command.call("config", "validate", "a.yaml", in: folder).code == 0)
        }
    }

    @Test func theSchemaIsJSON() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call("config", "schema", in: folder)
            let schema = try JSONSerialization.jsonObject(with: Data(called.output.utf8)) as? [String: Any]
            #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        }
    }
}
