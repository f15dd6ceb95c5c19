internal import Configuration

extension Model {
    /// LeNet-5 as it is mostly built today: ReLU and max-pooling, every map connected (after LeCun et al., 1998).
    static let lenet5 = Model(
        description: Description(
            name: "lenet5",
            summary: "LeNet-5: 5 x 5 convolutions of 6 and 16 filters with ReLU and max-pooling, dense 120, 84")
    ) { (_, classes) throws(ConfigurationError) in
        [
            .convolution(name: "conv1", filters: 6, KernelWindow(kernel: 5, padding: 2)), .relu, .maxPool(.halving),
            .convolution(name: "conv2", filters: 16, KernelWindow(kernel: 5)), .relu, .maxPool(.halving),
            .flatten, .dense(name: "fc1", outputs: 120), .relu, .dense(name: "fc2", outputs: 84), .relu,
            .dense(name: "fc3", outputs: classes),
        ]
    }

    /// The network of A. Mesbah's experiments with gossip on Fashion-MNIST.
    static let mesbahCNN = Model(
        description: Description(
            name: "mesbah-cnn",
            summary: "convolutions 3 x 3, 5 x 5, 3 x 3 of 64, 128, 64 filters, max-pooling, dropout, one dense layer")
    ) { (_, classes) throws(ConfigurationError) in
        [
            .convolution(name: "conv1", filters: 64, KernelWindow(kernel: 3)), .relu, .maxPool(.halving),
            .convolution(name: "conv2", filters: 128, KernelWindow(kernel: 5)), .relu, .maxPool(.halving),
            .convolution(name: "conv3", filters: 64, KernelWindow(kernel: 3)), .relu, .dropout(probability: 0.5),
            .flatten, .dense(name: "fc", outputs: classes),
        ]
    }
}
