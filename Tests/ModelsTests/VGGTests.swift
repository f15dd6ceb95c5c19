import Configuration
import Models
import Testing
import Vectors

@Suite struct VGGTests {
    private func network(_ options: [String: OptionValue] = [:]) throws -> Network {
        try ModelRegistry.network("vgg11", options: Options(options), inputShape: [3, 32, 32], classes: 10)
    }

    private func weights(_ network: Network) -> [String] {
        network.layout.entries.map(\.name).filter { $0.hasSuffix(".weight") }.map { String($0.dropLast(7)) }
    }

    /// As torchvision numbers the features of `vgg11` and `vgg11_bn`.
    @Test func namesAreTorchvisions() throws {
        let plain = [0, 3, 6, 8, 11, 13, 16, 18].map { "features.\($0)" }
        #expect(weights(try network()) == plain + ["classifier.0"])
        let convolutions = [0, 4, 8, 11, 15, 18, 22, 25]
        let normed = convolutions.flatMap { ["features.\($0)", "features.\($0 + 1)"] } + ["classifier.0"]
        let network = try network(["batch_norm": .boolean(true)])
        #expect(weights(network) == normed)
        #expect(network.layout["features.25.bias"]?.shape == [512])
        #expect(network.statistics["features.26.running_var"]?.shape == [512])
        #expect(try self.network(["norm": .text("batch")]).layout == network.layout)
        #expect(try self.network(["norm": .text("group")]).layout == network.layout)
    }

    @Test func batchNormIsNamedOnce() throws {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try network(["batch_norm": .boolean(true), "norm": .text("group")])
        }
        #expect(error?.key == "batch_norm")
        #expect(throws: ConfigurationError.self) { _ = try network(["norm": .text("layer")]) }
    }

    /// Variance 2 / (filters * 9), biases 0.
    @Test func convolutionsBeginAsTorchvisionsDo() throws {
        let network = try network()
        let values = network.initialParameters(seed: 1).array()
        let entry = try #require(network.layout["features.16.weight"])
        let squares = values[entry.range].map { Double($0) * Double($0) }
        let variance = squares.reduce(0, +) / Double(squares.count)
        #expect(abs(variance / (2.0 / (512 * 9)) - 1) < 0.01)
        let bias = try #require(network.layout["features.16.bias"])
        #expect(values[bias.range].allSatisfy { $0 == 0 })
    }
}
