internal import Configuration

/// The networks of federated averaging on MNIST (McMahan et al., 2017).
extension Model {
    private static let neurons = Option<Int>.integer(
        "width", default: 200, in: 1...65536, "neurons of each of the two hidden layers")

    /// With MNIST's 784 pixels and 10 classes, 199,210 parameters.
    static let twoNN = Model(
        description: Description(
            name: "2nn", summary: "FedAvg's perceptron: two dense layers of 200 neurons with ReLU",
            options: [neurons.description])
    ) { (options, classes) throws(ConfigurationError) in
        let width = try options.value(neurons)
        return .perceptron(hidden: [width, width], outputs: classes)
    }

    private static let filters = Option<Int>.integer(
        "width", default: 32, in: 1...1024, "filters of the first convolution; the second has twice as many")
    private static let hidden = Option<Int>.integer(
        "hidden", default: 512, in: 1...65536, "neurons of the dense layer before the classes")

    /// With MNIST's 28 x 28 pixels and 10 classes, 1,663,370 parameters.
    static let fedAvgCNN = Model(
        description: Description(
            name: "fedavg-cnn",
            summary: "FedAvg's network: two 5 x 5 convolutions (32 and 64 filters) with max-pooling, dense 512",
            options: [filters.description, hidden.description])
    ) { (options, classes) throws(ConfigurationError) in
        let width = try options.value(filters)
        let window = KernelWindow(kernel: 5, padding: 2)
        return [
            .convolution(name: "conv1", filters: width, window), .relu, .maxPool(.halving),
            .convolution(name: "conv2", filters: 2 * width, window), .relu, .maxPool(.halving),
            .flatten, .dense(name: "fc1", outputs: try options.value(hidden)), .relu,
            .dense(name: "fc2", outputs: classes),
        ]
    }
}
