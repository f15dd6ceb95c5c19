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
