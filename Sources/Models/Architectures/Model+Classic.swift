internal import Configuration

extension Model {
    /// Multinomial logistic regression.
    static let softmax = Model(
        description: Description(name: "softmax", summary: "one dense layer: multinomial logistic regression")
    ) { (_, classes) throws(ConfigurationError) in
        [.flatten, .dense(name: "fc", outputs: classes)]
    }

    private static let hidden = Option<[Int]>.integers(
        "hidden", default: [256, 128], "neurons of each hidden layer, from the input on")

    /// A multilayer perceptron with ReLU.
    static let mlp = Model(
        description: Description(
            name: "mlp",
            summary: "multilayer perceptron: dense layers of 256 and 128 neurons with ReLU, then the classes",
            options: [hidden.description])
    ) { (options, classes) throws(ConfigurationError) in
        let widths = try options.value(hidden)
        guard widths.count <= 1000 else {
            throw ConfigurationError(key: "hidden", "\(widths.count) hidden layers are more than the 1000 there can be")
        }
        guard widths.allSatisfy({ $0 > 0 }) else {
            throw ConfigurationError(key: "hidden", "\(widths) holds a layer without neurons; each needs at least 1")
        }
        return .perceptron(hidden: widths, outputs: classes)
    }

    private static let width = Option<Int>.integer(
        "width", default: 32, in: 1...1024, "filters of the first convolution; the second has twice as many")
    private static let neurons = Option<Int>.integer(
        "hidden", default: 128, in: 1...65536, "neurons of the dense layer before the classes")

    /// Two convolutions with max-pooling, two dense layers.
    static let cnn = Model(
        description: Description(
            name: "cnn",
            summary: "two 3 x 3 convolutions (32 and 64 filters) with ReLU and max-pooling, two dense layers",
            options: [width.description, neurons.description])
    ) { (options, classes) throws(ConfigurationError) in
        let filters = try options.value(width)
        let hidden = try options.value(neurons)
        return [
            .convolution(name: "conv1", filters: filters, .same), .relu, .maxPool(.halving),
            .convolution(name: "conv2", filters: 2 * filters, .same), .relu, .maxPool(.halving),
            .flatten, .dense(name: "fc1", outputs: hidden), .relu, .dense(name: "fc2", outputs: classes),
        ]
    }
}
