internal import Configuration

/// The networks of CDSGD (Jiang et al., 2017), as its authors' program builds them.
extension Model {
    private static func width(_ filters: Int) -> Option<Int> {
        .integer(
            "width", default: filters, in: 1...1024,
            "filters of the first convolutions; behind each pooling there are twice as many")
    }
    private static let hidden = Option<Int>.integer(
        "hidden", default: 512, in: 1...65536, "neurons of each dense layer before the classes")

    private static let smallWidth = width(32)
    static let cdsgdCNN = Model(
        description: Description(
            name: "cdsgd-cnn",
            summary:
                "CDSGD's network for CIFAR-10: twice two 3 x 3 convolutions (32 and 64 filters), dense 512, dropout",
            options: [smallWidth.description, hidden.description]),
        images: [3, 32, 32]
    ) { (options, classes) throws(ConfigurationError) in
        let width = try options.value(smallWidth)
        var stack = KerasStack()
        for filters in [width, 2 * width] {
            stack.convolve(filters: filters)
            stack.convolve(filters: filters)
            stack.pool(dropout: 0.25)
        }
        stack.connect(outputs: try options.value(hidden), dropout: nil)
        return stack.end(classes: classes)
    }

    private static let bigWidth = width(64)
    static let cdsgdBigCNN = Model(
        description: Description(
            name: "cdsgd-big-cnn",
            summary:
                "CDSGD's network for CIFAR-100: three times three convolutions (64 to 256 filters), dense 512 twice",
            options: [bigWidth.description, hidden.description]),
        images: [3, 32, 32]
    ) { (options, classes) throws(ConfigurationError) in
        let (width, neurons) = (try options.value(bigWidth), try options.value(hidden))
        var stack = KerasStack()
        for filters in [width, 2 * width, 4 * width] {
            for _ in 0..<3 { stack.convolve(filters: filters) }
            stack.pool(dropout: 0.5)
        }
        for _ in 0..<2 { stack.connect(outputs: neurons, dropout: 0.5) }
        return stack.end(classes: classes)
    }

    private static let neurons = Option<Int>.integer(
        "width", default: 50, in: 1...65536, "neurons of each hidden layer")
    private static let depth = Option<Int>.integer("depth", default: 20, in: 1...1000, "hidden layers")

    static let cdsgdFCN = Model(
        description: Description(
            name: "cdsgd-fcn", summary: "CDSGD's perceptron for MNIST: twenty dense layers of 50 neurons with ReLU",
            options: [neurons.description, depth.description])
    ) { (options, classes) throws(ConfigurationError) in
        let widths = [Int](repeating: try options.value(neurons), count: try options.value(depth))
        return .perceptron(hidden: widths, outputs: classes, initialization: .glorot)
    }
}
