import Foundation
import Records
import Safetensors
import TestKit
import Testing

@Suite struct EvaluateCommandTests {
    /// Four images of one pixel for training, two for testing.
    private static let files: [String: [UInt8]] = [
        "train-images-idx3-ubyte": [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 7, 8, 200, 210],
        "train-labels-idx1-ubyte": [0, 0, 8, 1, 0, 0, 0, 4, 0, 0, 1, 1],
        "t10k-images-idx3-ubyte": [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7, 220],
        "t10k-labels-idx1-ubyte": [0, 0, 8, 1, 0, 0, 0, 2, 0, 1],
    ]

    @Test func findsItsDataFromAnotherFolder() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/pixels", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: "\(folder)/elsewhere", withIntermediateDirectories: true)
            for (name, bytes) in Self.files {
                try Data(bytes).write(to: URL(filePath: "\(folder)/pixels/\(name)"))
            }
            let trained = try Command.call(
                "train", "data.name=mnist", "data.path=pixels", "model.name=softmax", "peers=2", "batch=1", "steps=2",
                "--output", "run", "--quiet", in: folder)
            #expect(trained.code == 0, "\(trained.errors)")
            let record = try String(contentsOfFile: "\(folder)/run/config.yaml", encoding: .utf8)
            #expect(record.contains("path: /"))

            let tested = try Command.call("evaluate", "../run", in: "\(folder)/elsewhere")
            #expect(tested.code == 0, "\(tested.errors)")
            #expect(tested.output.hasPrefix("softmax on mnist: accuracy"))

            try FileManager.default.moveItem(atPath: "\(folder)/pixels", toPath: "\(folder)/moved")
            #expect(try Command.call("evaluate", "../run", in: "\(folder)/elsewhere").code == 66)
            let moved = try Command.call("evaluate", "../run", "--data-path", "../moved", in: "\(folder)/elsewhere")
            #expect(moved.code == 0, "\(moved.errors)")
            #expect(moved.output == tested.output)

            // Its tensors alone, as another program would save them.
            let whole = try SafetensorsFile(readingFrom: "\(folder)/run/model.safetensors")
            try SafetensorsFile(tensors: whole.tensors).write(to: "\(folder)/bare")
            let unnamed = try Command.call("evaluate", "bare", in: folder)
            #expect(unnamed.code == 65 && unnamed.errors.contains("does not say which model"), "\(unnamed.errors)")
            let bare = try Command.call(
                "evaluate", "bare", "model.name=softmax", "data.name=mnist", "--data-path", "moved", in: folder)
            #expect(bare.output == tested.output, "\(bare.errors)")
            try Data("{model: {name: softmax}, data: {name: mnist, path: moved}}".utf8)
                .write(to: URL(filePath: "\(folder)/x.yaml"))
            let described = try Command.call("evaluate", "bare", "-c", "x.yaml", "--json", in: folder)
            #expect(described.output.contains(#""correct":"#), "\(described.errors)")
            #expect(try Command.call("evaluate", "bare", "moved", in: folder).code == 64)
        }
    }
}
