public import Configuration

/// Cross-correlation with `filters` kernels; weight (filters, channels, kernel, kernel), bias (filters).
public struct Convolution: LayerKind {
    public let name: String?
    /// Channels of the output.
    public let filters: Int
    /// The windows over all channels of the input.
    public let window: KernelWindow
    /// Whether each filter has a summand of its own.
    public let hasBias: Bool
    public let initialization: WeightInitialization

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        let name = name ?? ""
        let channels = inference.shape.first ?? 0
        let pixels = try inference.slide(window, what: "convolution \(name)")
        try inference.require(filters > 0, "convolution \(name) has \(filters) filters; it needs at least 1")
        try inference.addParameters(
            name, weight: [filters, channels, window.kernel, window.kernel], bias: hasBias ? [filters] : nil)
        return [filters] + pixels
    }
}

extension Layer {
    /// Cross-correlation with `filters` kernels; weight (filters, channels, kernel, kernel).
    public static func convolution(
        name: String, filters: Int, _ window: KernelWindow, bias: Bool = true,
        initialization: WeightInitialization = .uniform
    ) -> Layer {
        Layer(
            Convolution(name: name, filters: filters, window: window, hasBias: bias, initialization: initialization))
    }
}
