import Foundation
import Records
import Safetensors
import TestKit
import Testing

@Suite struct GradientCommandTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "ComputeTests/Fixtures").path

    private func call(
        model: String = "softmax", weights: String = "softmax.weights", batch: String = "softmax.batch",
        output: String = "out.safetensors", in folder: String
    ) throws -> Called {
        try Command.call(
            "gradient", "--model", model, "--weights", "\(Self.fixtures)/\(weights).safetensors", "--batch",
            "\(Self.fixtures)/\(batch).safetensors", "--output", output, in: folder)
    }

    @Test func writesTheGradientAndNothingElse() throws {
        try withTemporaryFolder { folder in
            let called = try call(in: folder)
            #expect(called.code == 0)
            #expect(called.output.isEmpty)
            #expect(called.errors.isEmpty)
            #expect(FileManager.default.fileExists(atPath: "\(folder)/out.safetensors"))
        }
    }

    @Test func eachMistakeHasItsCodeAndOneSentence() throws {
        try withTemporaryFolder { folder in
            let calls = [
                (try call(model: "sofmax", in: folder), Int32(78), "did you mean 'softmax'"),
                (try call(weights: "none", in: folder), 66, "there is no such file"),
                (try call(weights: "softmax.batch", in: folder), 65, "fc.weight"),
                (try call(output: "no/such/folder/out", in: folder), 73, "cannot be written"),
            ]
            for (called, code, words) in calls {
                #expect(called.code == code)
                #expect(called.errors.contains(words), "\(called.errors)")
                #expect(called.errors.split(separator: "\n").count == 1, "\(called.errors)")
            }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/out.safetensors"))
        }
    }

    @Test func theModelHasItsSettings() throws {
        try withTemporaryFolder { folder in
            func call(_ arguments: String...) throws -> Called {
                try Command.call(
                    ["gradient", "--batch", "\(Self.fixtures)/layers.batch.safetensors", "--output", "out"] + arguments,
                    in: folder)
            }
            let weights = "\(Self.fixtures)/layers.weights.safetensors"
            let list = """
                model:
                  name: layers
                  layers:
                    - {conv: 8, padding: 1, bias: false}
                    - batch_norm
                    - relu
                    - {max_pool: 2}
                    - residual: [{conv: 12, stride: 2, padding: 1}, {group_norm: 3}, tanh]
                      shortcut: [{average_pool: 2}, {conv: 12, kernel: 1}]
                    - sigmoid
                    - {conv: 6, kernel: 5, padding: 2}
                    - relu
                    - flatten
                    - {dense: 16}
                    - relu
                    - {dense: 10}
                """
            try Data(list.utf8).write(to: URL(filePath: "\(folder)/x.yaml"))
            let listed = try call("--weights", weights, "-c", "x.yaml")
            #expect(listed.code == 0, "\(listed.errors)")
            #expect(try SafetensorsFile(readingFrom: "\(folder)/out")["4.body.0.weight"]?.shape == [12, 8, 3, 3])

            let start = try Command.call(
                "initialise", "model.name=vgg11", "model.width=4", "model.batch_norm=true", "data.name=synthetic",
                "data.size=32", "--output", "w", in: folder)
            #expect(start.code == 0, "\(start.errors)")
            let images = [Float](repeating: 0.5, count: 2 * 1024)
            try SafetensorsFile(tensors: [
                Tensor(name: "input", shape: [2, 1, 32, 32], floats: images),
                Tensor(name: "label", shape: [2], floats: [3, 4]),
            ]).write(to: "\(folder)/b")
            let narrow = try Command.call(
                "gradient", "--model", "vgg11", "model.width=4", "model.batch_norm=true", "--weights", "w", "--batch",
                "b", "--output", "out", in: folder)
            #expect(narrow.code == 0, "\(narrow.errors)")
            #expect(try SafetensorsFile(readingFrom: "\(folder)/out")["features.1.bias"]?.shape == [4])

            let unnamed = try call("--weights", weights)
            #expect(unnamed.code == 64 && unnamed.errors.contains("no model is named"), "\(unnamed.errors)")
            let other = try call("--weights", weights, "--model", "mlp", "batch=3")
            #expect(other.code == 64 && other.errors.contains("'batch=3' would be of no use"), "\(other.errors)")
            #expect(try call("--weights", weights, "--model", "mlp", "model.width=3").code == 78)
        }
    }

    /// What is no regular file is not replaced, whoever asks; links to devices and pipes least of all.
    @Test func aDeviceAPipeOrALinkIsLeftAsItIs() throws {
        try withTemporaryFolder { folder in
            try #require(mkfifo("\(folder)/pipe", 0o644) == 0)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/null", withDestinationPath: "/dev/null")
            for name in ["pipe", "null", "/dev/null", "."] {
                let called = try call(output: name, in: folder)
                #expect(called.code == 73 && called.errors.contains("\(name): is a"), "\(called.errors)")
            }
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/null") == "/dev/null")
        }
    }

    /// An empty tensor may claim any shape: here 2^61 - 1 classes, and fewer whose product still fits.
    @Test(arguments: [[2_305_843_009_213_693_951, 0], [1_000_000_000_000, 0], [0, 16]])
    func emptyWeightsHaveNoClasses(shape: [Int]) throws {
        try withTemporaryFolder { folder in
            let header =
                #"{"fc.weight":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,0]},"#
                + #""fc.bias":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#
            let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
            try Data(length + Array(header.utf8)).write(to: URL(filePath: "\(folder)/weights.safetensors"))
            let called = try Command.call(
                "gradient", "--model", "softmax", "--weights", "weights.safetensors", "--batch",
                "\(Self.fixtures)/softmax.batch.safetensors", "--output", "out", in: folder)
            #expect(called.code == 65, "\(called.code) \(called.errors)")
            #expect(called.errors.split(separator: "\n").count == 1, "\(called.errors)")
        }
    }
}
