public import Configuration
public import Randomness
internal import Vectors

/// EvoNorm-S0, a norm and an activation in one (Liu et al., 2020): x sigmoid(v x) / deviation * weight + bias, the
/// deviation that of each image and each of so many equal groups of its channels, in training and outside alike; v,
/// weight and bias (channels).
///
/// Where the network has a norm without an activation the paper leaves x * weight + bias, without v.
public struct EvoNorm: LayerKind {
    public let name: String?
    /// Of the channels of one image.
    public let groups: Int
    /// Whether it is more than a scale and a shift.
    public let isActivated: Bool
    /// What all of the weight is at first; the bias is 0, v is 1.
    public let initialScale: Float

    public var channelUse: ChannelUse { .all }
    public var word: String { "evonorm_s0" }

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        let (name, shape) = (name ?? "", inference.shape)
        try inference.require(
            groups > 0 && shape[0] % groups == 0,
            "norm \(name) has \(groups) groups, which do not divide its \(shape[0]) channels")
        try inference.addParameters(name, weight: [shape[0]], bias: [shape[0]])
        if isActivated { inference.addParameter("\(name).v", shape: [shape[0]]) }
        return shape
    }

    public func initialize(
        _ layer: PlacedLayer, in numbers: inout MutableSpan<Float>, from stream: inout RandomStream
    ) {
        for index in layer.parameters[0].range { numbers[index] = initialScale }
        for entry in layer.parameters.dropFirst(2) {
            for index in entry.range { numbers[index] = 1 }
        }
    }
}

extension Layer {
    /// x sigmoid(v x) / deviation * weight + bias (Liu et al., 2020): a norm over each of `groups` equal groups of an
    /// image's channels with the activation behind it; without that, x * weight + bias.
    public static func evoNorm(
        name: String, groups: Int, isActivated: Bool = true, initialScale: Float = 1
    ) -> Layer {
        Layer(EvoNorm(name: name, groups: groups, isActivated: isActivated, initialScale: initialScale))
    }
}

extension EvoNorm {
    private static let groups = Option<Int>.integer(
        "evonorm_s0", default: 8, in: 1...65536, "equal groups of channels")
    private static let isActivated = Option<Bool>.boolean(
        "activation", default: true, "whether x sigmoid(v x) / deviation is taken, and not x alone")

    static let form = LayerForm.Entry(
        "evonorm_s0", "x sigmoid(v x) / deviation by image and group of channels, then scale and shift",
        options: [groups.description, isActivated.description],
        make: LayerForm { settings throws(ConfigurationError) in
            .evoNorm(
                name: settings.name, groups: try settings.value(groups),
                isActivated: try settings.value(isActivated))
        })
}
