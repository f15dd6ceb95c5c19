public import Configuration

/// The models that can be chosen by name.
public enum ModelRegistry {
    /// What there is, in the order in which lists show it.
    public static var descriptions: [Description] { models.map(\.description) }

    /// The network of that name for images of `inputShape` (channels, height, width) in `classes` classes.
    ///
    /// Throws for an unknown name or option, and when the model does not fit the shape.
    public static func network(
        _ name: String, options: Options = Options(), inputShape: [Int], classes: Int
    ) throws(ConfigurationError) -> Network {
        guard let model = models.first(where: { $0.description.name == name }) else {
            throw ConfigurationError(
                key: "name", unknown("model", name, known: models.map(\.description.name)))
        }
        try options.refuseUnknown(besides: model.description.options)
        return try Network(
            name: name, inputShape: inputShape, classes: classes, layers: model.layers(options, classes))
    }
}

private let models = [Model.softmax, .mlp, .cnn, .lenet5, .mesbahCNN, .resnet20, .resnet18]
