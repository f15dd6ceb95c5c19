public import Vectors

/// A layer in its place in a network: the shapes on both sides, found once, and where its parameters lie.
public struct PlacedLayer: Sendable {
    /// What the layer is and does.
    public let kind: any LayerKind
    /// Of one sample.
    public let inputShape: [Int]
    /// Of one sample.
    public let outputShape: [Int]
    /// The layer's own parameters in the order of the network's layout.
    public let parameters: [VectorLayout.Entry]
    /// The statistics that the layer keeps, in the order of `Network.statistics`.
    public let statistics: [VectorLayout.Entry]
    /// The layers within it, one list for each branch.
    public let branches: [[PlacedLayer]]

    /// The layer itself, or the layers within it, in the order of their parameters.
    public var all: [PlacedLayer] {
        branches.isEmpty ? [self] : branches.flatMap { $0.flatMap(\.all) }
    }

    /// Multiplications of each of its weights for one sample, forward only.
    var multiplications: [Int] {
        parameters.filter(\.isWeight).map { $0.count * outputShape.dropFirst().reduce(1, *) }
    }
}
