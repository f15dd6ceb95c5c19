import Configuration
import Models
import Testing
import Vectors

@Suite struct ModelRegistryTests {
    @Test func listsItsModels() {
        #expect(
            ModelRegistry.descriptions.map(\.name) == [
                "softmax", "mlp", "cnn", "lenet5", "mesbah-cnn", "2nn", "fedavg-cnn", "cdsgd-cnn", "cdsgd-big-cnn",
                "cdsgd-fcn", "nettorrent-mnist", "nettorrent-cifar", "vgg11", "resnet20", "resnet32", "resnet44",
                "resnet56", "resnet110", "resnet18", "resnet18-imagenet", "resnet34", "resnet50", "layers",
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

    /// What the papers say, PyTorch and torchvision count in the same modules, or Keras prints.
    @Test(arguments: [
        ("softmax", 7850), ("mlp", 235_146), ("cnn", 421_642), ("lenet5", 61_706), ("mesbah-cnn", 281_930),
        ("2nn", 199_210), ("fedavg-cnn", 1_663_370), ("cdsgd-cnn", 2_168_362), ("cdsgd-big-cnn", 4_285_450),
        ("cdsgd-fcn", 88_210), ("nettorrent-mnist", 532_490), ("nettorrent-cifar", 1_250_858), ("vgg11", 9_225_610),
        ("resnet20", 272_474), ("resnet32", 466_906), ("resnet44", 661_338), ("resnet56", 855_770),
        ("resnet110", 1_730_714), ("resnet18", 11_173_962), ("resnet18-imagenet", 11_689_512),
        ("resnet34", 21_797_672), ("resnet50", 25_557_032),
    ])
    func parametersAreAsManyAsInThePapers(_ name: String, _ count: Int) throws {
        let images = try ModelRegistry.usualImages(of: name)
        let classes = images == [3, 224, 224] ? 1000 : 10
        #expect(try ModelRegistry.network(name, inputShape: images, classes: classes).layout.count == count)
    }

    /// Every number of an option's default that is a width or a depth is refused when it is not positive.
    @Test func whatIsNotPositiveIsRefusedByItsKey() throws {
        for model in ModelRegistry.descriptions {
            let images = try ModelRegistry.usualImages(of: model.name)
            for option in model.options where ["width", "depth", "hidden", "groups", "classes"].contains(option.name) {
                let value: OptionValue =
                    model.name == "mlp" && option.name == "hidden" ? .list([.integer(0)]) : .integer(0)
                let error = #expect(throws: ConfigurationError.self, "\(model.name) \(option.name)") {
                    // A norm over groups, lest they be left unread.
                    let norm: [String: OptionValue] = option.name == "groups" ? ["norm": .text("group")] : [:]
                    _ = try ModelRegistry.network(
                        model.name, options: Options([option.name: value].merging(norm) { $1 }), inputShape: images,
                        classes: 10)
                }
                #expect(error?.key == option.name)
            }
        }
    }

    @Test func everyNetworkTakesClassesAndLabelSmoothing() throws {
        func network(_ options: [String: OptionValue]) throws -> Network {
            try ModelRegistry.network("2nn", options: Options(options), inputShape: [1, 4, 4], classes: 10)
        }
        let wide = try network(["classes": .integer(1000), "label_smoothing": .number(0.1)])
        #expect(wide.classes == 1000 && wide.layout["fc3.weight"]?.shape == [1000, 200])
        #expect(wide.labelSmoothing == 0.1)
        #expect(try network([:]).labelSmoothing == 0)
        #expect(throws: ConfigurationError(key: "classes", "9 are too few for the 10 classes of the data")) {
            _ = try network(["classes": .integer(9)])
        }
        for smoothing in [-0.1, 1.5, .nan] {
            #expect(throws: ConfigurationError.self) { _ = try network(["label_smoothing": .number(smoothing)]) }
        }
    }
}
