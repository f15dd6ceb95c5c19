public import Configuration

/// The mean of each channel over all pixels: (channels, height, width) becomes (channels).
public struct GlobalAveragePool: LayerKind {
    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        let shape = inference.shape
        try inference.require(
            shape.count == 3, "global average pooling needs images, and it is given shape \(shape)")
        return [shape[0]]
    }
}

extension Layer {
    /// The mean of each channel over all pixels: (channels, height, width) becomes (channels).
    public static let globalAveragePool = Layer(GlobalAveragePool())
}
