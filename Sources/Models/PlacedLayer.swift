public import Vectors

/// A layer in its place in a network: the shapes on both sides, found once, and where its parameters lie.
public struct PlacedLayer: Sendable {
    /// Where it stands: `4`, or `3.body.0` for the first layer of a branch of layer 3.
    public let number: String
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

    /// Multiplications that the layer's weights demand for one sample, forward only; the few of norms and poolings are
    /// not counted.
    public var multiplicationsPerSample: Double {
        parameters.filter(\.isWeight).reduce(0) { sum, weight in
            sum + outputShape.dropFirst().reduce(Double(weight.count)) { $0 * Double($1) }
        }
    }
}
