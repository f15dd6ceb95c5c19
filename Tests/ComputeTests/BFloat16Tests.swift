import Compute
import Models
import Testing
import Vectors

/// Steps in bf16 beside the same steps in float32, on the drawn weights and images of `DrawnPyTorchTests`.
@Suite(.enabled(if: Precision.bf16.shortage == nil, "oneDNN has no bf16 kernels for this processor"))
struct BFloat16Tests {
    /// A model, its batch and the seed of its fixture; and how far the whole gradient of PyTorch's autocast to bfloat16
    /// is from that in float32, relative to its norm (`script/make-fixtures.py autocast`).
    struct Case: CustomTestStringConvertible, Sendable {
        let model: String
        let shape: [Int]
        let seed: Int
        let autocastError: Double

        var testDescription: String { model }
    }

    static let cases = [
        Case(model: "lenet5", shape: [4, 1, 28, 28], seed: 0, autocastError: 0.01438),
        Case(model: "mesbah-cnn", shape: [3, 1, 28, 28], seed: 0, autocastError: 0.04512),
        Case(model: "resnet20", shape: [4, 3, 32, 32], seed: 11, autocastError: 0.29598),
        Case(model: "resnet18", shape: [2, 3, 32, 32], seed: 8, autocastError: 0.31308),
    ]

    private func gradient(_ example: Case, _ precision: Precision) throws -> BatchGradient {
        let network = try ModelRegistry.network(
            example.model, inputShape: Array(example.shape.dropFirst()), classes: 10)
        let parameters = network.layout.entries.flatMap {
            Draw.weight($0.name, $0.shape, seed: example.seed, gain: 1, blockEnd: nil)
        }
        let images = Draw.numbers("\(example.seed):input", example.shape.reduce(1, *)).map { $0 * 1.75 }
        let labels = Draw.words("\(example.seed):label", example.shape[0]).map { Int32($0 % 10) }
        return try BatchGradient(
            network, parameters: parameters, images: images, labels: labels, precision: precision)
    }

    /// The distance of two vectors, relative to the second.
    private func error(_ first: [Float], _ second: [Float]) -> Double {
        func norm(_ values: some Sequence<Float>) -> Double {
            values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        }
        return norm(zip(first, second).map { $0 - $1 }) / norm(second)
    }

    @Test(arguments: cases) func isNearFloat32(_ example: Case) throws {
        let (rounded, exact) = (try gradient(example, .bf16), try gradient(example, .fp32))
        #expect(error(rounded.logits, exact.logits) <= 3e-2)
        #expect(error([rounded.loss], [exact.loss]) <= 3e-2)
        #expect(error(rounded.gradient, exact.gradient) <= 1.2 * example.autocastError)
        #expect(rounded.gradient != exact.gradient)
    }

    @Test func theSameBitsEachTime() throws {
        #expect(try gradient(Self.cases[2], .bf16) == gradient(Self.cases[2], .bf16))
    }
}
