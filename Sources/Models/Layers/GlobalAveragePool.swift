public import Configuration

/// The mean of each channel over all pixels: (channels, height, width) becomes (channels).
public struct GlobalAveragePool: LayerKind {
    public var word: String { "global_average_pool" }

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        let shape = inference.shape
        try inference.require(
            shape.count == 3, "global average pooling needs images; put it before whatever makes them flat")
        return [shape[0]]
    }
}

extension Layer {
    /// The mean of each channel over all pixels: (channels, height, width) becomes (channels).
    public static let globalAveragePool = Layer(GlobalAveragePool())
}

extension GlobalAveragePool {
    static let form = LayerForm.Entry(
        "global_average_pool", "the mean of each channel, flat", make: LayerForm { _ in .globalAveragePool })
}
