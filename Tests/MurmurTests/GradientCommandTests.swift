import Foundation
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
}
