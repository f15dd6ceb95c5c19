public import Configuration

/// y = x Wᵀ + b on flat inputs; weight (outputs, inputs), bias (outputs).
public struct Dense: LayerKind {
    public let name: String?
    /// Numbers in one sample behind the layer.
    public let outputs: Int
    /// Whether b is there.
    public let hasBias: Bool
    public let initialization: WeightInitialization

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        let (name, shape) = (name ?? "", inference.shape)
        try inference.require(
            shape.count == 1, "dense layer \(name) needs a flat input, and it is given shape \(shape)")
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
