public import Configuration
public import Randomness
internal import Vectors

/// Brings numbers to mean 0 and variance 1, then scales and shifts each channel; weight and bias (channels).
public struct Norm: LayerKind {
    /// Whose mean and variance they are.
    public enum Extent: Sendable, Hashable {
        /// Those of each channel, in training over the batch, otherwise as `Network.statistics` says (Ioffe and
        /// Szegedy, 2015).
        case batch
        /// Those of each image and each of so many equal groups of its channels (Wu and He, 2018).
        case groups(Int)
    }

    /// What is added to the variance, as in PyTorch.
    public static let epsilon: Float = 1e-5

    public let name: String?
    /// Whose mean and variance numbers are brought to 0 and 1 by.
    public let extent: Extent
    /// What all of the weight is at first; the bias is 0.
    public let initialScale: Float

    public var channelUse: ChannelUse { extent == .batch ? .each : .all }
    public var word: String { extent == .batch ? "batch_norm" : "group_norm" }

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        let (name, shape) = (name ?? "", inference.shape)
        if case .groups(let groups) = extent {
            try inference.require(
                groups > 0 && shape[0] % groups == 0,
                "norm \(name) has \(groups) groups, which do not divide its \(shape[0]) channels")
        }
        try inference.addParameters(name, weight: [shape[0]], bias: [shape[0]])
        if extent == .batch {
            inference.addStatistic("\(name).running_mean", shape: [shape[0]])
            inference.addStatistic("\(name).running_var", shape: [shape[0]])
        }
        return shape
    }

    public func initialize(
        _ layer: PlacedLayer, in numbers: inout MutableSpan<Float>, from stream: inout RandomStream
    ) {
        for index in layer.parameters[0].range { numbers[index] = initialScale }
    }
}

extension Layer {
    /// Brings each channel to mean 0 and variance 1, then scales and shifts it; weight and bias (channels), the weight
    /// all `initialScale` and the bias 0 at first.
    ///
    /// In training, mean and variance are those of the batch (Ioffe and Szegedy, 2015); otherwise those of
    /// `Network.statistics`.
    public static func batchNorm(name: String, initialScale: Float = 1) -> Layer {
        Layer(Norm(name: name, extent: .batch, initialScale: initialScale))
    }

    /// The same with the mean and variance of each image and each of `groups` equal groups of its channels, in training
    /// and outside alike (Wu and He, 2018).
    public static func groupNorm(name: String, groups: Int, initialScale: Float = 1) -> Layer {
        Layer(Norm(name: name, extent: .groups(groups), initialScale: initialScale))
    }
}

extension Norm {
    private static let scale = Option<Double>.number(
        "initial_scale", default: 1, in: -1e6...1e6, "what the scale of each channel is at first")
    private static let groups = Option<Int>.integer(
        "group_norm", default: 8, in: 1...65536, "equal groups of channels")

    static let batchForm = LayerForm.Entry(
        "batch_norm", "mean 0 and variance 1 by channel over the batch, then scale and shift",
        options: [scale.description],
        make: LayerForm { settings throws(ConfigurationError) in
            .batchNorm(name: settings.name, initialScale: Float(try settings.value(scale)))
        })

    static let groupForm = LayerForm.Entry(
        "group_norm", "the same by image and group of channels", options: [groups.description, scale.description],
        make: LayerForm { settings throws(ConfigurationError) in
            .groupNorm(
                name: settings.name, groups: try settings.value(groups),
                initialScale: Float(try settings.value(scale)))
        })
}
