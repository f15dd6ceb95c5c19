public import Configuration

/// y = x Wᵀ + b on flat inputs; weight (outputs, inputs), bias (outputs).
public struct Dense: LayerKind {
    public let name: String?
    /// Numbers in one sample behind the layer.
    public let outputs: Int
    /// Whether b is there.
    public let hasBias: Bool
    public let initialization: WeightInitialization

    public var channelUse: ChannelUse { .neurons }
    public var word: String { "dense" }

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        let (name, shape) = (name ?? "", inference.shape)
        try inference.require(
            shape.count == 1, "dense layer \(name) needs a flat input; put flatten before it")
        try inference.require(outputs > 0, "dense layer \(name) has \(outputs) outputs; it needs at least 1")
        try inference.addParameters(name, weight: [outputs, shape[0]], bias: hasBias ? [outputs] : nil)
        return [outputs]
    }
}

extension Layer {
    /// y = x Wᵀ + b on flat inputs; weight (outputs, inputs).
    public static func dense(
        name: String, outputs: Int, bias: Bool = true, initialization: WeightInitialization = .uniform
    ) -> Layer {
        Layer(Dense(name: name, outputs: outputs, hasBias: bias, initialization: initialization))
    }
}

extension Dense {
    private static let outputs = Option<Int>.integer(
        "dense", default: 10, in: 1...1_000_000, "numbers in one sample behind the layer")
    private static let bias = Option<Bool>.boolean(
        "bias", default: true, "whether each output has a summand of its own")

    static let form = LayerForm.Entry(
        "dense", "every output a weighted sum of all inputs", options: [outputs.description, bias.description],
        make: LayerForm { settings throws(ConfigurationError) in
            .dense(name: settings.name, outputs: try settings.value(outputs), bias: try settings.value(bias))
        })
}
