internal import Configuration

/// The networks of NetTorrent (Temani and Jivrajani, 2019), as its authors' program builds them.
extension Model {
    private static let neurons = Option<Int>.integer(
        "width", default: 256, in: 1...65536, "neurons of each hidden layer")
    private static let depth = Option<Int>.integer("depth", default: 6, in: 1...1000, "hidden layers")

    /// The outputs are sigmoids, and Keras's cross-entropy divides them by their sum: the softmax of their logarithms.
    static let netTorrentMNIST = Model(
        description: Description(
            name: "nettorrent-mnist",
            summary: "NetTorrent's perceptron: six dense layers of 256 sigmoids, and a sigmoid for each class",
            options: [neurons.description, depth.description])
    ) { (options, classes) throws(ConfigurationError) in
        let widths = [Int](repeating: try options.value(neurons), count: try options.value(depth))
        return .perceptron(hidden: widths, .sigmoid, outputs: classes, initialization: .glorot) + [.logSigmoid]
    }

    private static let filters = Option<Int>.integer(
        "width", default: 32, in: 1...1024,
        "filters of the first two convolutions; the others have twice as many")
    private static let hidden = Option<Int>.integer(
        "hidden", default: 512, in: 1...65536, "neurons of the dense layer before the classes")

    /// Of each pair of convolutions the second has no padding.
    static let netTorrentCIFAR = Model(
        description: Description(
            name: "nettorrent-cifar",
            summary: "NetTorrent's network: twice two 3 x 3 convolutions (32 and 64 filters), dense 512, dropout",
            options: [filters.description, hidden.description]),
        images: [3, 32, 32]
    ) { (options, classes) throws(ConfigurationError) in
        let width = try options.value(filters)
        var stack = KerasStack()
        for filters in [width, 2 * width] {
            stack.convolve(filters: filters)
            stack.convolve(filters: filters, isPadded: false)
            stack.pool(dropout: 0.25)
        }
        stack.connect(outputs: try options.value(hidden), dropout: 0.5)
        return stack.end(classes: classes)
    }
}
