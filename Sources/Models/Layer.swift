/// One layer of a network, without its weights: a kind of layer with its settings.
///
/// Each kind adds a factory to this type, in its file in `Layers/`: networks read as lists, `[.flatten, .relu]`.
/// Named layers have parameters, which go under `name.weight` and the like and are shaped as PyTorch shapes them.
/// Images are (channels, height, width), a batch of them (batch, channels, height, width).
public struct Layer: Sendable {
    /// What the layer is and does.
    public let kind: any LayerKind

    /// A layer of that kind.
    public init(_ kind: any LayerKind) { self.kind = kind }
}
