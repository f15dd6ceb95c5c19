public import Configuration

/// The models that can be chosen by name.
public enum ModelRegistry {
    /// What there is, in the order in which lists show it.
    public static var descriptions: [Description] { registry.descriptions }

    private static let registry = Registry(
        "model",
        [Model.softmax, .mlp, .cnn, .lenet5, .mesbahCNN, .resnet20, .resnet18].map {
            RegistryEntry($0.description, make: $0)
        })

    /// The network of that name for images of `inputShape` (channels, height, width) in `classes` classes.
    ///
    /// Throws for an unknown name or option, and when the model does not fit the shape.
    public static func network(
        _ name: String, options: Options = Options(), inputShape: [Int], classes: Int
    ) throws(ConfigurationError) -> Network {
        let layers = try registry.make(name, options).layers(options, classes)
        return try Network(name: name, inputShape: inputShape, classes: classes, layers: layers)
    }
}
