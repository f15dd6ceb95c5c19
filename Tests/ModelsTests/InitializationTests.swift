import Models
import Randomness
import Testing
import Vectors

@Suite struct InitializationTests {
    @Test func everyTensorIsUniformWithinPyTorchsBound() throws {
        let network = try ModelRegistry.network("cnn", inputShape: [1, 28, 28], classes: 10)
        let values = network.initialParameters(seed: 1).array()
        let inputs = ["conv1": 9.0, "conv2": 288, "fc1": 3136, "fc2": 128]
        for entry in network.layout.entries {
            let bound = 1 / (inputs[String(entry.name.prefix { $0 != "." })] ?? 0).squareRoot()
            let numbers = values[entry.range].map { Double($0) / bound }
            #expect(numbers.allSatisfy { abs($0) <= 1 })
            guard numbers.count > 1000 else { continue }
            let count = Double(numbers.count)
            #expect(abs(numbers.reduce(0, +) / count) < 0.03)
            // The variance of U(-1, 1) is a third.
            #expect(abs(numbers.map { $0 * $0 }.reduce(0, +) / count - 1.0 / 3) < 0.02)
            #expect((numbers.max() ?? 0) > 0.99)
        }
    }

    @Test func seedAndPeerNameTheDraw() throws {
        let network = try ModelRegistry.network("softmax", inputShape: [1, 4, 4], classes: 3)
        let first = network.initialParameters(seed: 1).array()
        #expect(first == network.initialParameters(seed: 1, peer: 0).array())
        #expect(first != network.initialParameters(seed: 2).array())
        #expect(first != network.initialParameters(seed: 1, peer: 1).array())
    }

    /// ±sqrt(6 / (inputs + outputs)), biases 0.
    @Test func kerasNetworksBeginAsKerasDoes() throws {
        let network = try ModelRegistry.network("nettorrent-cifar", inputShape: [3, 32, 32], classes: 10)
        let values = network.initialParameters(seed: 1).array()
        for (name, sides) in [("conv3", 9.0 * (32 + 64)), ("fc1", 2304 + 512), ("fc2", 512 + 10)] {
            let weight = try #require(network.layout["\(name).weight"])
            let bound = (6 / sides).squareRoot()
            let numbers = values[weight.range].map { Double($0) / bound }
            #expect(numbers.allSatisfy { abs($0) <= 1 } && (numbers.max() ?? 0) > 0.99)
            let squares = numbers.map { $0 * $0 }.reduce(0, +) / Double(numbers.count)
            #expect(abs(squares - 1.0 / 3) < 0.02)
            let bias = try #require(network.layout["\(name).bias"])
            #expect(values[bias.range].allSatisfy { $0 == 0 })
        }
    }
}
