public import Configuration

/// The largest number of each window, by channel.
public struct MaxPool: LayerKind {
    /// The windows, on each channel by itself.
    public let window: KernelWindow

    public var word: String { "max_pool" }

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        // The place of the largest number within its window is kept in a byte.
        try inference.require(
            window.kernel <= 16, "max-pooling has a kernel of \(window.kernel); the largest is 16")
        return [inference.shape[0]] + (try inference.slide(window, what: "max-pooling"))
    }
}

extension Layer {
    /// The largest number of each window, by channel.
    public static func maxPool(_ window: KernelWindow) -> Layer { Layer(MaxPool(window: window)) }
}

extension MaxPool {
    static let form = KernelWindow.poolingForm(
        "max_pool", "the largest number of each window", edges: 1...16, make: Layer.maxPool)
}
