public import Configuration

/// The mean of each window, by channel; padding counts as zeros, as in PyTorch.
public struct AveragePool: LayerKind {
    /// The windows, on each channel by itself.
    public let window: KernelWindow

    public var word: String { "average_pool" }

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        [inference.shape[0]] + (try inference.slide(window, what: "average pooling"))
    }
}

extension Layer {
    /// The mean of each window; padding counts as zeros, as in PyTorch.
    public static func averagePool(_ window: KernelWindow) -> Layer { Layer(AveragePool(window: window)) }
}

extension AveragePool {
    static let form = KernelWindow.poolingForm(
        "average_pool", "the mean of each window", edges: 1...1024, make: Layer.averagePool)
}
