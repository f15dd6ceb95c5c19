public import Configuration

/// The models that can be chosen by name.
public enum ModelRegistry {
    /// What there is, in the order in which lists show it.
    public static var descriptions: [Description] { registry.descriptions }

    private static let models: [Model] = [
        .softmax, .mlp, .cnn, .lenet5, .mesbahCNN, .twoNN, .fedAvgCNN, .cdsgdCNN, .cdsgdBigCNN, .cdsgdFCN,
        .netTorrentMNIST, .netTorrentCIFAR, .vgg11, .resnet20, .resnet32, .resnet44, .resnet56, .resnet110, .resnet18,
        .resnet18ImageNet, .resnet34, .resnet50, .layers,
    ]
    private static let registry = Registry(
        "model", models.map { RegistryEntry(NetworkOptions.added(to: $0.description), make: $0) })

    /// The network of that name for images of `inputShape` (channels, height, width) in `classes` classes; nil: as many
    /// as its list of layers or its options say, or 1.
    ///
    /// Throws for an unknown name or option, and when the model does not fit the shape.
    public static func network(
        _ name: String, options: Options = Options(), inputShape: [Int], classes: Int?
    ) throws(ConfigurationError) -> Network {
        let model = try registry.make(name, options)
        let outputs = try NetworkOptions.outputs(options, classes: classes ?? 1)
        let layers = try model.layers(options, outputs)
        let labelSmoothing = try options.value(NetworkOptions.labelSmoothing)
        do throws(ConfigurationError) {
            return try Network(
                name: name, inputShape: inputShape, classes: classes == nil ? nil : outputs, layers: layers,
                labelSmoothing: labelSmoothing)
        } catch {
            throw ConfigurationError(key: model.isWritten ? error.key : "name", error.message)
        }
    }

    /// Throws what is wrong with a model before it is known what images it is for: the name, the options, how its
    /// layers are written.
    public static func check(_ name: String, options: Options) throws(ConfigurationError) {
        _ = try registry.make(name, options).layers(options, 10)
    }

    /// (channels, height, width) of the images that the model of that name was made for. Throws for an unknown name.
    public static func usualImages(of name: String) throws(ConfigurationError) -> [Int] {
        try registry.make(name, Options()).images
    }

    /// In how many classes the model of that name puts images where nothing is said of them; nil: as many as its list
    /// of layers gives. Throws for an unknown name.
    public static func usualClasses(of name: String) throws(ConfigurationError) -> Int? {
        try registry.make(name, Options()).isWritten ? nil : 10
    }
}
