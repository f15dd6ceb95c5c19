import Configuration
import Testing
import Vectors

@testable import Models

@Suite struct LayerListTests {
    private func network(_ items: [OptionValue], _ shape: [Int] = [1, 8, 8], classes: Int = 3) throws -> Network {
        try ModelRegistry.network(
            "layers", options: Options(["layers": .list(items)]), inputShape: shape, classes: classes)
    }

    @Test func parametersAreNamedAsSequentialNamesThem() throws {
        let network = try network([
            .table(["conv": .integer(4), "padding": .integer(1)]), .text("batch_norm"), .text("relu"),
            .table(["max_pool": .integer(2)]),
            .table([
                "residual": .list([
                    .table(["group_norm": .integer(2), "initial_scale": .integer(0)]),
                    .table(["conv": .integer(4), "padding": .integer(1), "bias": .boolean(false)]),
                ])
            ]),
            .table(["dropout": .number(0.25)]), .text("flatten"), .table(["dense": .integer(3)]),
        ])
        #expect(
            network.layout.entries.map { "\($0.name) \($0.shape)" } == [
                "0.weight [4, 1, 3, 3]", "0.bias [4]", "1.weight [4]", "1.bias [4]", "4.body.0.weight [4]",
                "4.body.0.bias [4]", "4.body.1.weight [4, 4, 3, 3]", "7.weight [3, 64]", "7.bias [3]",
            ])
        #expect(network.statistics.entries.map(\.name) == ["1.running_mean", "1.running_var"])
        #expect(network.layers.flatMap(\.all).map(\.number).prefix(6) == ["0", "1", "2", "3", "4.body.0", "4.body.1"])
        #expect(network.layers[3].outputShape == [4, 4, 4])
        let values = network.initialParameters(seed: 1).array()
        let scale = try #require(network.layout["4.body.0.weight"])
        #expect(values[scale.range].allSatisfy { $0 == 0 })
    }

    /// Every kind in the table makes a layer that goes by the word it was written with.
    @Test func everyKindGoesByItsWord() throws {
        #expect(LayerList.descriptions.count >= 13)
        for description in LayerList.descriptions {
            let value = description.options.first { $0.name == description.name }
            let item = value.map { OptionValue.table([description.name: $0.defaultValue]) } ?? .text(description.name)
            let layers = try LayerList.layers([item])
            #expect(layers.map(\.kind.word) == [description.name])
        }
    }

    @Test(
        arguments: [
            ([.text("flatten"), .text("rleu")], "layers[1]", "layer 1: unknown layer 'rleu'; did you mean 'relu'?"),
            ([.table(["cnov": .integer(3), "kernel": .integer(3)])], "layers[0]", "did you mean 'conv'?"),
            ([.text("dense")], "layers[0]", "layer 0 (dense): it lacks its value"),
            ([.table(["relu": .integer(3)])], "layers[0]", "layer 0 (relu): it has no value, and 3 is given"),
            ([.integer(3)], "layers[0]", "a word such as relu or a table such as {dense: 10} is expected, not 3"),
            ([.table(["kernel": .integer(3)])], "layers[0]", "is expected, not {kernel: 3}"),
            ([.table(["conv": .integer(3), "relu": .null])], "layers[0]", "an item of its own"),
            ([.table(["conv": .integer(3), "kernl": .integer(3)])], "layers[0]", "did you mean 'kernel'?"),
            ([.table(["conv": .integer(0)])], "layers[0]", "layer 0 (conv): conv: 0 is not a whole number from 1"),
            ([.table(["conv": .integer(2), "stride": .text("x")])], "layers[0]", "stride: x is not a whole number"),
            (
                [.table(["residual": .list([.text("relu"), .text("tahn")])])], "layers[0].body[1]",
                "layer 0.body.1: unknown"
            ),
            ([], "layers", "write them one behind the other"),
            (
                [.table(["dense": .integer(3)])], "layers[0]",
                "(dense) is given shape [1, 8, 8]: dense layer 0 needs a flat"
            ),
            (
                [.text("flatten"), .table(["conv": .integer(3)])], "layers[1]",
                "layer 1 (conv) is given shape [64]: convolution 1 needs images; put it before"
            ),
            ([.table(["conv": .integer(3), "kernel": .integer(9)])], "layers[0]", "only 8 x 8; take a smaller kernel"),
            ([.text("flatten"), .table(["dense": .integer(4)])], "layers", "has 3 classes; let its last layer give 3"),
            (
                [.text("relu"), .table(["residual": .list([.table(["max_pool": .integer(2)])])])], "layers[1]",
                "layer 1 (residual) is given shape [1, 8, 8]: a residual block adds shape [1, 8, 8] to shape [1, 4, 4]"
            ),
            (
                [.table(["residual": .list([.text("tanh"), .table(["group_norm": .integer(2)])])])],
                "layers[0].body[1]",
                "layer 0.body.1 (group_norm) is given shape [1, 8, 8]: norm 0.body.1 has 2 groups"
            ),
            ([OptionValue](repeating: .text("relu"), count: 1001), "layers", "1001 layers are more than the 1000"),
        ] as [([OptionValue], String, String)])
    func whatIsWrongIsToldByLayer(_ items: [OptionValue], _ key: String, _ words: String) {
        let error = #expect(throws: ConfigurationError.self) { _ = try network(items) }
        #expect(error?.key == key)
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test func aNetworkWithoutParametersIsRefused() {
        let error = #expect(throws: ConfigurationError.self) { _ = try network([.text("flatten")], classes: 64) }
        #expect(error?.message.contains("nothing to learn") == true)
    }
}
