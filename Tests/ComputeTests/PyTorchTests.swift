import Configuration
import Foundation
import Records
import Safetensors
import Testing
import Training
import Workloads

/// `murmur gradient` against what PyTorch found on the same weights and batch (`script/make-fixtures.py`).
@Suite struct PyTorchTests {
    private func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/\(name).safetensors"
        )
        .path
    }

    private func norm(_ values: [Float]) -> Double {
        values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }

    @Test(arguments: ["softmax", "mlp", "cnn"])
    func everyTensorAgrees(_ model: String) throws {
        let wanted = try SafetensorsFile(readingFrom: path("\(model).gradient"))
        let found = try GradientFiles.gradient(
            model: model, weightsPath: path("\(model).weights"), batchPath: path("\(model).batch"))
        #expect(Set(found.tensors.map(\.name)) == Set(wanted.tensors.map(\.name)))
        let gradients = wanted.tensors.filter { !["loss", "logits"].contains($0.name) }
        let largest = try gradients.map { norm(try #require($0.floats)) }.max() ?? 0
        for tensor in wanted.tensors {
            let ours = try #require(found[tensor.name])
            #expect(ours.shape == tensor.shape)
            let (a, b) = (try #require(ours.floats), try #require(tensor.floats))
            let distance = norm(zip(a, b).map { $0 - $1 }) / max(norm(b), 1e-3 * largest)
            #expect(distance <= 1e-4, "\(model) \(tensor.name)")
        }
    }

    @Test func badInputIsToldInOneSentence() throws {
        func refusal(_ model: String, weights: String, batch: String) -> String {
            do {
                _ = try GradientFiles.gradient(model: model, weightsPath: path(weights), batchPath: path(batch))
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(refusal("mlp", weights: "cnn.weights", batch: "mlp.batch").contains("fc3.weight"))
        #expect(
            refusal("cnn", weights: "mlp.weights", batch: "cnn.batch").contains("there is no tensor 'conv1.weight'"))
        #expect(refusal("mlp", weights: "mlp.weights", batch: "mlp.weights").contains("'input' and 'label'"))
        #expect(refusal("mpl", weights: "mlp.weights", batch: "mlp.batch").contains("did you mean 'mlp'"))
        #expect(refusal("mlp", weights: "none", batch: "mlp.batch").contains("there is no such file"))
    }

    @Test(arguments: [
        ([Int64(0), 10], [2, 1, 4, 4], "label 10 of sample 1"), ([0, -1], [2, 1, 4, 4], "label -1 of sample 1"),
        ([0], [2, 1, 4, 4], "has 2 samples"), ([0, 1], [2, 16], "must be F32 of shape"),
        ([0, 1], [2, 1, 2, 8], "F32 of shape [10, 16]"), ([0, 1 << 40], [2, 1, 4, 4], "label -1 of sample 1"),
        // Seed 12 of `script/fuzz`, file 599 of the tensors: labels of a type that nobody reads.
        ([0, 1], [2, 1, 4, 4], "'label' is F64"),
    ])
    func batchesThatDoNotFitAreRefused(_ labels: [Int64], _ shape: [Int], _ words: String) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gradient-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (weights, batch) = (folder.appendingPathComponent("w").path, folder.appendingPathComponent("b").path)
        let columns = words.contains("[10, 16]") ? 20 : 16
        try SafetensorsFile(tensors: [
            Tensor(name: "fc.weight", shape: [10, columns], floats: [Float](repeating: 0, count: 10 * columns)),
            Tensor(name: "fc.bias", shape: [10], floats: [Float](repeating: 0, count: 10)),
        ]).write(to: weights)
        try SafetensorsFile(tensors: [
            Tensor(name: "input", shape: shape, floats: [Float](repeating: 0, count: 32)),
            Tensor(
                name: "label", type: words.contains("F64") ? ElementType(rawValue: "F64") : .int64,
                shape: [labels.count],
                bytes: labels.flatMap { label in (0..<8).map { UInt8(truncatingIfNeeded: label >> (8 * $0)) } }),
        ]).write(to: batch)
        let error = #expect(throws: SafetensorsError.self) {
            _ = try GradientFiles.gradient(model: "softmax", weightsPath: weights, batchPath: batch)
        }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
}
