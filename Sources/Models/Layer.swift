/// The square window of a convolution or a pooling: its edge, the step between two windows and the rows and columns of
/// padding around the image, all in pixels.
public struct Window: Sendable, Hashable {
    public let kernel: Int
    public let stride: Int
    public let padding: Int

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

/// One layer of a network, without its weights.
///
/// Named layers have parameters: `name.weight` and, with `bias`, `name.bias`, shaped as PyTorch shapes them. Images are
/// (channels, height, width), a batch of them (batch, channels, height, width).
public enum Layer: Sendable, Hashable {
    /// Cross-correlation with `filters` kernels; weight (filters, channels, kernel, kernel).
    case convolution(name: String, filters: Int, Window, bias: Bool = true)
    /// y = x Wᵀ + b on flat inputs; weight (outputs, inputs).
    case dense(name: String, outputs: Int, bias: Bool = true)
    case relu
    case sigmoid
    case tanh
    case maxPool(Window)
    /// The mean of each window; padding counts as zeros, as in PyTorch.
    case averagePool(Window)
    case flatten
    /// Sets each number to zero with this probability in training, and scales the others up to keep the expectation.
    case dropout(probability: Double)
}

extension Layer {
    /// The name under which the layer's parameters go; none when it has no parameters.
    public var name: String? {
        switch self {
        case .convolution(let name, _, _, _), .dense(let name, _, _): name
        default: nil
        }
    }
}
