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

    public var channelUse: ChannelUse { .neurons }
    public var word: String { "conv" }

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

extension Convolution {
    private static let filters = Option<Int>.integer(
        "conv", default: 32, in: 1...65536, "channels of the output")
    private static let kernel = Option<Int>.integer(
        "kernel", default: 3, in: 1...1024, "edge of the window in pixels")
    private static let stride = Option<Int>.integer(
        "stride", default: 1, in: 1...1024, "pixels from one window to the next")
    private static let bias = Option<Bool>.boolean(
        "bias", default: true, "whether each filter has a summand of its own")

    static let form = LayerForm.Entry(
        "conv", "convolution",
        options: [
            filters.description, kernel.description, stride.description, KernelWindow.padding.description,
            bias.description,
        ],
        make: LayerForm { settings throws(ConfigurationError) in
            let window = KernelWindow(
                kernel: try settings.value(kernel), stride: try settings.value(stride),
                padding: try settings.value(KernelWindow.padding))
            return .convolution(
                name: settings.name, filters: try settings.value(filters), window, bias: try settings.value(bias))
        })
}
