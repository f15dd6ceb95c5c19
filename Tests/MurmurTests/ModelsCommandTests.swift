import Foundation
import TestKit
import Testing

@Suite struct ModelsCommandTests {
    private struct Printed: Decodable {
        struct Layer: Decodable, Equatable {
            let layer: String
            let kind: String
            let name: String?
            let outputShape: [Int]
            let parameters: Int
            let multiplicationsPerSample: Int
        }

        let batch: Int
        let inputShape: [Int]
        let layers: [Layer]
        let parameters: Int
        let multiplicationsPerSample: Int
        let multiplicationsPerStep: Int
    }

    private func printed(_ called: Called) throws -> Printed {
        #expect(called.code == 0, "\(called.errors)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Printed.self, from: Data(called.output.utf8))
    }

    @Test func showsLayersAndSums() throws {
        try withTemporaryFolder { folder in
            let cnn = try printed(Command.call("models", "cnn", "--json", in: folder))
            #expect(cnn.inputShape == [1, 28, 28] && cnn.batch == 64)
            // By hand: 9 x 32 x 28², 9 x 32 x 64 x 14², 3136 x 128, 128 x 10.
            let products = [225_792, 3_612_672, 401_408, 1280]
            #expect(cnn.layers.map(\.multiplicationsPerSample).filter { $0 > 0 } == products)
            #expect(cnn.multiplicationsPerSample == products.reduce(0, +))
            #expect(cnn.multiplicationsPerStep == 64 * (3 * products.reduce(0, +) - products[0]))
            #expect(cnn.parameters == 320 + 18_496 + 401_536 + 1290)
            #expect(
                cnn.layers[2]
                    == Printed.Layer(
                        layer: "2", kind: "max_pool", name: nil, outputShape: [32, 14, 14], parameters: 0,
                        multiplicationsPerSample: 0))
            let resnet = try printed(Command.call("models", "resnet20", "--json", in: folder))
            #expect(resnet.inputShape == [3, 32, 32] && resnet.parameters == 272_474)
            #expect(resnet.layers[3].layer == "3.body.0" && resnet.layers[3].name == "layer1.0.conv1")
            let narrow = try printed(
                Command.call(
                    "models", "cnn", "model.width=4", "batch=2", "--input", "3,8,8", "--classes", "5", "--json",
                    in: folder))
            #expect(narrow.layers[0].parameters == 3 * 9 * 4 + 4 && narrow.batch == 2)
            #expect(narrow.layers.last?.outputShape == [5])
        }
    }

    /// docs/networks.md shows what is said of a list that does not fit; data of the same shape is made on the spot.
    @Test func thePageShowsWhatIsSaid() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/networks.md"), encoding: .utf8)
        let list = try #require(page.firstMatch(of: /```yaml\n((?s).*?)```/)).output.1
        let shown = try #require(page.firstMatch(of: /```\n(murmur: (?s).*?)\n```/)).output.1
        try withTemporaryFolder { folder in
            let file = list.replacing("fashion-mnist", with: "synthetic").replacing("    - flatten\n", with: "")
            try Data(file.utf8).write(to: URL(filePath: "\(folder)/my.yaml"))
            let called = try Command.call("train", "-c", "my.yaml", in: folder)
            #expect(called.code == 78 && called.errors == shown.replacing("\n", with: " ") + "\n")
        }
    }

    @Test func showsTheListOfAnExperiment() throws {
        try withTemporaryFolder { folder in
            let text = """
                data: {name: synthetic, size: 6, classes: 4}
                model: {name: layers, layers: [{conv: 2}, relu, flatten, {dense: 4}]}
                """
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/x.yaml"))
            let own = try printed(Command.call("models", "-c", "x.yaml", "--json", in: folder))
            #expect(own.layers.map(\.kind) == ["conv", "relu", "flatten", "dense"])
            #expect(own.inputShape == [1, 6, 6] && own.layers[3].parameters == 32 * 4 + 4)
            let table = try Command.call("models", "-c", "x.yaml", in: folder)
            #expect(table.output.contains("0      conv") && table.output.contains("a training step of 64 samples"))
            let kinds = try Command.call("models", "layers", in: folder)
            #expect(kinds.code == 0 && kinds.output.contains("max_pool=2"), "\(kinds.output)")
            #expect(try Command.call("models", "resnet2", in: folder).code == 78)
            #expect(try Command.call("models", "quadratic", in: folder).code == 78)
            #expect(try Command.call("models", "cnn", "--input", "3,32", in: folder).code == 64)
        }
    }
}
