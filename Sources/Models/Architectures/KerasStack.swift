/// Layers one behind the other as Keras's users write them: 3 x 3 convolutions conv1, conv2 and so on, dense layers
/// fc1, fc2 and so on, each with ReLU and with the weights that Keras draws by default.
struct KerasStack {
    private(set) var layers: [Layer] = []
    private var convolutions = 0
    private var denseLayers = 0

    /// Without padding the image loses a row and a column on each side.
    mutating func convolve(filters: Int, isPadded: Bool = true) {
        convolutions += 1
        let window = isPadded ? KernelWindow.same : KernelWindow(kernel: 3)
        layers += [
            .convolution(name: "conv\(convolutions)", filters: filters, window, initialization: .glorot), .relu,
        ]
    }

    mutating func pool(dropout: Double) {
        layers += [.maxPool(.halving), .dropout(probability: dropout)]
    }

    mutating func connect(outputs: Int, dropout: Double?) {
        if denseLayers == 0 { layers.append(.flatten) }
        layers += [dense(outputs), .relu]
        if let dropout { layers.append(.dropout(probability: dropout)) }
    }

    /// The layers with the one that gives the classes.
    mutating func end(classes: Int) -> [Layer] { layers + [dense(classes)] }

    private mutating func dense(_ outputs: Int) -> Layer {
        denseLayers += 1
        return .dense(name: "fc\(denseLayers)", outputs: outputs, initialization: .glorot)
    }
}
