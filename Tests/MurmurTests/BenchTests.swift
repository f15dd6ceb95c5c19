import Foundation
import TestKit
import Testing

@Suite struct BenchTests {
    private struct Step: Decodable {
        let model: String
        let batch: Int
        let medianMs: Double
        let gflops: Double
    }

    private struct Batch: Decodable {
        let model: String
        let data: String
        let batch: Int
        let batchMs: Double
        let stepMs: Double
        let batchPart: Double
        let workers: Int
    }

    private struct Compression: Decodable {
        struct Figures: Decodable {
            let name: String
            let bytes: Int
            let lost: Double
            let keptByTheory: Double?
        }
        let count: Int
        let compressors: [Figures]
    }

    private func printed<Result: Decodable>(_ arguments: String...) throws -> Result {
        try withTemporaryFolder { folder in
            let called = try Command.call(["bench"] + arguments + ["--json"], in: folder)
            #expect(called.code == 0, "\(called.errors)")
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Result.self, from: Data(called.output.utf8))
        }
    }

    private func failure(_ arguments: String...) throws -> Called {
        try withTemporaryFolder { try Command.call(["bench"] + arguments, in: $0) }
    }

    /// The operations that a narrower network demands are fewer, which the rate and the time tell together.
    @Test func aStepHasTheSettingsOfItsModel() throws {
        func step(_ arguments: String...) throws -> Double {
            let step: Step = try printed(
                "step", "--model", "lenet5", "--batch", "2", "--steps", "3", arguments[0], arguments[1])
            #expect(step.model == "lenet5" && step.batch == 2)
            return step.gflops * step.medianMs
        }
        let (usual, large) = (try step("--input", "1,28,28"), try step("--input", "1,56,56"))
        #expect(large > 3 * usual)
        let own: Step = try printed(
            "step", "model.name=layers", "model.layers=[flatten, {dense: 7}]", "--steps", "3")
        #expect(own.model == "layers" && own.batch == 64)
        #expect(
            try failure("step", "model.name=layers", "model.layers=[flatten, {dense: 7}]", "--classes", "8").code == 78)
        let data: Step = try printed(
            "step", "--model", "softmax", "data.name=synthetic", "data.size=5", "--steps", "3")
        #expect(data.model == "softmax")
    }

    @Test func whatAStepCannotHaveIsRefused() throws {
        let other = try failure("step", "--model", "cnn", "batch=3")
        #expect(other.code == 64 && other.errors.contains("--batch, --threads and --precision are options"))
        let wide = try failure("step", "--model", "cnn", "model.hidden=1000000000000")
        #expect(wide.code == 78 && wide.errors.split(separator: "\n").count == 1, "\(wide.errors)")
        #expect(try failure("step", "--model", "quadratic").code == 78)
        #expect(try failure("step", "--model", "cnn", "model.norm=group").code == 78)
        #expect(try failure("batch", "model.name=quadratic", "model.targets=[[1]]").code == 78)
        #expect(try failure("batch", "--steps", "0").code == 64)
    }

    @Test func aBatchIsAPartOfItsStep() throws {
        let batch: Batch = try printed(
            "batch", "data.name=synthetic", "data.samples=100", "data.size=8", "model.name=mlp", "batch=16", "peers=2",
            "data.augment=crop-flip", "--steps", "5")
        #expect(batch.model == "mlp" && batch.data == "synthetic" && batch.batch == 16 && batch.workers == 0)
        #expect(batch.batchMs > 0 && batch.stepMs > batch.batchMs && (0...1).contains(batch.batchPart))
    }

    @Test func everyCompressorIsTimed() throws {
        let all: Compression = try printed("compression", "--count", "10000", "--rounds", "1")
        #expect(all.count == 10_000)
        #expect(
            all.compressors.map(\.name) == [
                "none", "topk", "randomk", "sign", "qsgd", "bf16", "fp16", "int8", "lowrank",
            ])
        #expect(all.compressors.allSatisfy { $0.lost <= (1 - ($0.keptByTheory ?? 0)) * 1.1 })
        let two: Compression = try printed("compression", "sign", "bf16", "--count", "10000", "--rounds", "1")
        #expect(two.compressors.map(\.bytes) == [1254, 20_000])
        #expect(try failure("compression", "zip").errors.contains("no compressor is called zip; there are none, topk"))
        #expect(try failure("compression", "--count", "0").code == 64)
    }
}
