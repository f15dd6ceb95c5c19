internal import Configuration

/// The square window of a convolution or a pooling: its edge, the step between two windows and the rows and columns of
/// padding around the image, all in pixels.
public struct KernelWindow: Sendable, Hashable {
    /// The edge of the window.
    public let kernel: Int
    /// From one window to the next.
    public let stride: Int
    /// Rows and columns of zeros on each side of the image.
    public let padding: Int

    /// A window of `kernel` x `kernel` pixels.
    public init(kernel: Int, stride: Int = 1, padding: Int = 0) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    /// How many windows fit along an edge of `extent` pixels; zero or less when none does.
    public func count(along extent: Int) -> Int {
        let room = extent + 2 * padding - kernel
        return room < 0 ? 0 : room / stride + 1
    }
}

extension KernelWindow {
    static let padding = Option<Int>.integer(
        "padding", default: 0, in: 0...512, "rows and columns of zeros on each side of the image")
    private static let poolingStride = Option<Int?>.optionalInteger(
        "stride", in: 1...1024, "pixels from one window to the next; null: the window's edge")

    /// How a pooling is written: its word with the edge of the window behind it. Windows lie side by side by default,
    /// as in PyTorch.
    static func poolingForm(
        _ word: String, _ summary: String, edges: ClosedRange<Int>, make: @escaping @Sendable (KernelWindow) -> Layer
    ) -> LayerForm.Entry {
        let edge = Option<Int>.integer(word, default: 2, in: edges, "edge of the window in pixels")
        return LayerForm.Entry(
            word, summary, options: [edge.description, poolingStride.description, padding.description],
            make: LayerForm { settings throws(ConfigurationError) in
                let kernel = try settings.value(edge)
                return make(
                    KernelWindow(
                        kernel: kernel, stride: try settings.value(poolingStride) ?? kernel,
                        padding: try settings.value(padding)))
            })
    }
}
