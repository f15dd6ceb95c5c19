import Compute
import Configuration
import Foundation
import Models
import Safetensors
import Testing
import Vectors
import Workloads

/// A network written as a list of layers against `torch.nn.Sequential` of the same, by its names, on the same weights
/// and batch (`script/make-fixtures.py`).
@Suite struct LayerListPyTorchTests {
    private static let list: [OptionValue] = [
        .table(["conv": .integer(8), "padding": .integer(1), "bias": .boolean(false)]), .text("batch_norm"),
        .text("relu"), .table(["max_pool": .integer(2)]),
        .table([
            "residual": .list([
                .table(["conv": .integer(12), "stride": .integer(2), "padding": .integer(1)]),
                .table(["group_norm": .integer(3)]), .text("tanh"),
            ]),
            "shortcut": .list([
                .table(["average_pool": .integer(2)]), .table(["conv": .integer(12), "kernel": .integer(1)]),
            ]),
        ]),
        .text("sigmoid"), .table(["conv": .integer(6), "kernel": .integer(5), "padding": .integer(2)]), .text("relu"),
        .text("flatten"), .table(["dense": .integer(16)]), .text("relu"), .table(["dense": .integer(10)]),
    ]

    private func path(_ name: String) -> String {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return url.appendingPathComponent("Fixtures/layers.\(name).safetensors").path
    }

    private func file(_ name: String) throws -> SafetensorsFile { try SafetensorsFile(readingFrom: path(name)) }

    private func norm(_ values: [Float]) -> Double {
        values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }

    @Test func everyTensorAgrees() throws {
        let options = Options(["layers": .list(Self.list)])
        let network = try ModelRegistry.network("layers", options: options, inputShape: [1, 28, 28], classes: nil)
        let weights = try SavedWeights(of: network, in: file("weights"), "weights")
        #expect(weights.statistics == network.initialStatistics())
        let result = try GradientFiles.gradient(
            model: "layers", options: options, weightsPath: path("weights"), batchPath: path("batch"))
        let wanted = try file("gradient")
        #expect(Set(result.tensors.map(\.name)) == Set(wanted.tensors.map(\.name)))
        let gradients = wanted.tensors.filter { !["loss", "logits"].contains($0.name) }
        let largest = try gradients.map { norm(try #require($0.floats)) }.max() ?? 0
        for tensor in wanted.tensors {
            let (ours, theirs) = (try #require(result[tensor.name]?.floats), try #require(tensor.floats))
            let distance = norm(zip(ours, theirs).map { $0 - $1 }) / max(norm(theirs), 1e-3 * largest)
            #expect(ours.count == theirs.count && distance <= 1e-4, "\(tensor.name): \(distance)")
        }
    }
}
