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
public indirect enum Layer: Sendable, Hashable {
    /// Cross-correlation with `filters` kernels; weight (filters, channels, kernel, kernel).
    case convolution(name: String, filters: Int, Window, bias: Bool = true)
    /// y = x Wᵀ + b on flat inputs; weight (outputs, inputs).
    case dense(name: String, outputs: Int, bias: Bool = true)
    /// Brings each channel to mean 0 and variance 1, then scales and shifts it; weight and bias (channels), the weight
    /// all `initialScale` and the bias 0 at first.
    ///
    /// In training, mean and variance are those of the batch (Ioffe and Szegedy, 2015); otherwise those of
    /// `Network.statistics`.
    case batchNorm(name: String, initialScale: Float = 1)
    /// The same with the mean and variance of each image and each of `groups` equal groups of its channels, in training
    /// and outside alike (Wu and He, 2018).
    case groupNorm(name: String, groups: Int, initialScale: Float = 1)
    case relu
    case sigmoid
    case tanh
    case maxPool(Window)
    /// The mean of each window; padding counts as zeros, as in PyTorch.
    case averagePool(Window)
    /// The mean of each channel over all pixels: (channels, height, width) becomes (channels).
    case globalAveragePool
    case flatten
    /// Sets each number to zero with this probability in training, and scales the others up to keep the expectation.
    case dropout(probability: Double)
    /// The sum of what two branches make of the same input (He et al., 2016); a branch without layers passes it on. The
    /// parameters of the body come before those of the shortcut.
    case residual(body: [Layer], shortcut: [Layer])
}

extension Layer {
    /// The epsilon that norms add to the variance, as in PyTorch.
    public static let normEpsilon: Float = 1e-5

    /// The name under which the layer's own parameters go; none when it has no parameters of its own.
    public var name: String? {
        switch self {
        case .convolution(let name, _, _, _), .dense(let name, _, _), .batchNorm(let name, _),
            .groupNorm(let name, _, _):
            name
        default: nil
        }
    }

    /// The layer itself and the layers within it, in the order of their parameters.
    public var all: [Layer] {
        if case .residual(let body, let shortcut) = self { (body + shortcut).flatMap(\.all) } else { [self] }
    }
}
