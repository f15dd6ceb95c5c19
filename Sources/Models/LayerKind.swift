public import Configuration
public import Randomness
internal import Vectors

/// A kind of layer with its settings: which samples it takes, which parameters it has and what their numbers are at
/// first. How it is computed is said by the operation of the same name in `Compute`.
public protocol LayerKind: Sendable {
    /// The word for it in lists of layers.
    var word: String { get }

    /// The name under which the layer's own parameters go; nil when it has none of its own.
    var name: String? { get }

    /// What it wants to know of the channels before it.
    var channelUse: ChannelUse { get }

    /// The shape of one sample behind the layer, from `inference.shape` before it; declares the layer's parameters on
    /// the way. Throws by `inference.require` where the layer cannot take that shape.
    func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int]

    /// How the numbers of a layer with weights are drawn at first.
    var initialization: WeightInitialization { get }

    /// Draws what the layer's own parameters start from into `numbers`, the network's parameters, all 0 so far; by
    /// default as `initialization` says.
    func initialize(
        _ layer: PlacedLayer, in numbers: inout MutableSpan<Float>, from stream: inout RandomStream)
}

extension LayerKind {
    public var name: String? { nil }
    public var channelUse: ChannelUse { .each }
    public var initialization: WeightInitialization { .uniform }

    public func initialize(
        _ layer: PlacedLayer, in numbers: inout MutableSpan<Float>, from stream: inout RandomStream
    ) {
        initialization.draw(layer.parameters, in: &numbers, from: &stream)
    }
}
