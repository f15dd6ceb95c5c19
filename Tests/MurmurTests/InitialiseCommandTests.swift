import Foundation
import TestKit
import Testing

@Suite struct InitialiseCommandTests {
    private static let experiment = """
        data: {name: synthetic, samples: 60, size: 8, classes: 3}
        model:
          name: layers
          layers:
            - {conv: 4, kernel: 3}
            - batch_norm
            - relu
            - flatten
            - {dense: 3}
        peers: 2
        batch: 8
        steps: 2
        evaluate: {every_epochs: 1}
        """

    /// What stands in a file behind its header, which holds the experiment.
    private func numbers(_ path: String) throws -> Data {
        let bytes = try Data(contentsOf: URL(filePath: path))
        let length = (0..<8).reduce(0) { $0 + Int(bytes[$1]) << (8 * $1) }
        return bytes.dropFirst(8 + length)
    }

    @Test func aRunFromTheWrittenStartIsTheRun() throws {
        try withTemporaryFolder { folder in
            try Data(Self.experiment.utf8).write(to: URL(filePath: "\(folder)/x.yaml"))
            let written = try Command.call("initialise", "-c", "x.yaml", "--output", "w.safetensors", in: folder)
            #expect(written.code == 0 && written.output.isEmpty && written.errors.isEmpty, "\(written.errors)")
            let lockStep = ["algorithm.name=allreduce", "--quiet"]
            func train(_ output: String, _ more: String...) throws {
                let process = try Command.process(
                    ["train", "-c", "x.yaml", "--output", output] + lockStep + more, in: folder)
                try process.run()
                process.waitUntilExit()
                let errors = try Command.text("stderr", in: folder)
                #expect(process.terminationStatus == 0, "\(errors)")
            }
            try train("drawn")
            try train("saved", "model.weights=w.safetensors")
            let (drawn, saved) = ("\(folder)/drawn/model.safetensors", "\(folder)/saved/model.safetensors")
            #expect(try numbers(drawn) == numbers(saved))
            #expect(try numbers(drawn) != numbers("\(folder)/w.safetensors"))
            let record = try String(contentsOfFile: "\(folder)/saved/config.yaml", encoding: .utf8)
            #expect(record.contains("weights: /") && record.contains("{conv: 4, kernel: 3}"))
            // The model file tells its network itself.
            let tested = try Command.call("evaluate", "saved", "--json", in: folder)
            #expect(tested.code == 0 && tested.output.contains("\"model\":\"layers\""), "\(tested.errors)")
            // The same settings in virtual time.
            let simulated = try Command.call(
                "simulate", "-c", "x.yaml", "model.weights=w.safetensors", "--quiet", in: folder)
            #expect(simulated.code == 0, "\(simulated.errors)")
        }
    }

    @Test func eachMistakeHasItsCodeAndOneSentence() throws {
        try withTemporaryFolder { folder in
            try Data(Self.experiment.utf8).write(to: URL(filePath: "\(folder)/x.yaml"))
            try Data("text".utf8).write(to: URL(filePath: "\(folder)/text"))
            let first = try Command.call("initialise", "-c", "x.yaml", "--output", "w", in: folder)
            #expect(first.code == 0)
            func call(_ words: String...) throws -> Called {
                let process = try Command.process(words, in: folder)
                try process.run()
                process.waitUntilExit()
                return Called(
                    code: process.terminationStatus, output: try Command.text("stdout", in: folder),
                    errors: try Command.text("stderr", in: folder))
            }
            let run = ["train", "-c", "x.yaml", "--output", "run"]
            func train(_ setting: String) throws -> Called { try call(run[0], run[1], run[2], run[3], run[4], setting) }
            let calls = [
                (try call("initialise", "-c", "x.yaml", "--output", "w"), Int32(73), "exists already"),
                (try call("initialise", "-c", "x.yaml", "--output", "."), 73, "is a folder"),
                (try call("initialise", "-c", "x.yaml", "--output", "no/folder/w"), 73, "cannot be written"),
                (try call("initialise", "-c", "x.yaml", "--output", "v", "--peer", "2"), 78, "there is no peer 2"),
                (try train("model.weights=none"), 66, "there is no such file"),
                (try train("model.weights=text"), 65, "begins with 8"),
                (try train("data.size=9"), 0, ""),
                (
                    try call("train", "-c", "x.yaml", "data.size=9", "model.weights=w", "--output", "other"), 65,
                    "where 4.weight is [3, 144] and ought to be [3, 196]"
                ),
                (
                    try call("train", "-c", "x.yaml", "model.layers=[flatten, {conv: 3}]"), 78,
                    "model.layers[1]: model layers does not fit: layer 1 (conv) is given shape [64]"
                ),
            ]
            for (called, code, words) in calls {
                #expect(called.code == code, "\(called.errors)")
                guard code != 0 else { continue }
                #expect(called.errors.contains(words), "\(called.errors)")
                #expect(called.errors.split(separator: "\n").count == 1, "\(called.errors)")
            }
            #expect(try Command.call("initialise", "-c", "x.yaml", "--output", "w", "--force", in: folder).code == 0)
            // The line of the layer, not of the list.
            let wrong = Self.experiment.replacing("- relu", with: "- rleu")
            try Data(wrong.utf8).write(to: URL(filePath: "\(folder)/y.yaml"))
            let typo = try Command.call("config", "validate", "y.yaml", in: folder)
            #expect(typo.code == 78)
            #expect(
                typo.errors.contains("y.yaml:7:7: model.layers[2]: layer 2: unknown layer 'rleu'"), "\(typo.errors)")
        }
    }
}
