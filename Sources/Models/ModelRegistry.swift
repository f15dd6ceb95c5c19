public import Configuration

/// The models that can be chosen by name.
public enum ModelRegistry {
    /// What there is, in the order in which lists show it.
    public static var descriptions: [Description] { registry.descriptions }

    private static let models: [Model] = [
        .softmax, .mlp, .cnn, .lenet5, .mesbahCNN, .twoNN, .fedAvgCNN, .cdsgdCNN, .cdsgdBigCNN, .cdsgdFCN,
        .netTorrentMNIST, .netTorrentCIFAR, .vgg11, .resnet20, .resnet32, .resnet44, .resnet56, .resnet110, .resnet18,
        .resnet18ImageNet, .resnet34, .resnet50,
    ]
    private static let registry = Registry(
        "model", models.map { RegistryEntry(NetworkOptions.added(to: $0.description), make: $0) })

    /// The network of that name for images of `inputShape` (channels, height, width) in `classes` classes.
    ///
    /// Throws for an unknown name or option, and when the model does not fit the shape.
    public static func network(
        _ name: String, options: Options = Options(), inputShape: [Int], classes: Int
    ) throws(ConfigurationError) -> Network {
        let model = try registry.make(name, options)
        let outputs = try NetworkOptions.outputs(options, classes: classes)
        return try Network(
            name: name, inputShape: inputShape, classes: outputs, layers: try model.layers(options, outputs),
            labelSmoothing: try options.value(NetworkOptions.labelSmoothing))
    }

    /// (channels, height, width) of the images that the model of that name was made for. Throws for an unknown name.
    public static func usualImages(of name: String) throws(ConfigurationError) -> [Int] {
        try registry.make(name, Options()).images
    }
}
