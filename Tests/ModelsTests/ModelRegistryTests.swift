import Configuration
import Models
import Testing
import Vectors

@Suite struct ModelRegistryTests {
    @Test func listsItsModels() {
        #expect(
            ModelRegistry.descriptions.map(\.name) == [
                "softmax", "mlp", "cnn", "lenet5", "mesbah-cnn", "resnet20", "resnet18", "layers",
            ])
    }

    @Test func unknownNamesAndOptionsAreRefused() {
        #expect(throws: ConfigurationError(key: "name", "unknown model 'cn'; did you mean 'cnn'?")) {
            _ = try ModelRegistry.network("cn", inputShape: [1, 28, 28], classes: 10)
        }
        #expect(throws: ConfigurationError.self) {
            let options = Options(["widht": .integer(3)])
            _ = try ModelRegistry.network("cnn", options: options, inputShape: [1, 28, 28], classes: 10)
        }
        #expect(throws: ConfigurationError.self) {
            let options = Options(["hidden": .list([.integer(3), .integer(0)])])
            _ = try ModelRegistry.network("mlp", options: options, inputShape: [1, 28, 28], classes: 10)
        }
    }

    @Test func optionsSetTheWidths() throws {
        let narrow = try ModelRegistry.network(
            "cnn", options: Options(["width": .integer(4), "hidden": .integer(6)]), inputShape: [3, 8, 8], classes: 5)
        #expect(narrow.layout["conv2.weight"]?.shape == [8, 4, 3, 3])
        #expect(narrow.layout["fc1.weight"]?.shape == [6, 32])
        let deep = try ModelRegistry.network(
            "mlp", options: Options(["hidden": .list([.integer(3)])]), inputShape: [1, 2, 2], classes: 5)
        #expect(deep.layout.entries.map(\.name) == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"])
    }
}
