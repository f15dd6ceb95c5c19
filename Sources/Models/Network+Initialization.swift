public import Randomness
public import Vectors

extension Network {
    /// Parameters drawn layer by layer, as PyTorch draws them by default; norms begin with their initial scale, and
    /// shifts of 0.
    public func initialParameters(from stream: inout RandomStream) -> FlatVector {
        var parameters = FlatVector(count: layout.count)
        parameters.write { numbers in
            for layer in layers.flatMap(\.all) {
                layer.kind.initialize(layer, in: &numbers, from: &stream)
            }
        }
        return parameters
    }

    /// The parameters that a peer starts from.
    public func initialParameters(seed: UInt64, peer: Int = 0) -> FlatVector {
        var stream = RandomStream(seed: seed, purpose: .initialization, peer: peer)
        return initialParameters(from: &stream)
    }

    /// The statistics that training starts from, in the layout of `statistics`: means of 0, variances of 1.
    public func initialStatistics() -> [Float] {
        statistics.entries.flatMap { entry in
            [Float](repeating: entry.name.hasSuffix(".running_var") ? 1 : 0, count: entry.count)
        }
    }
}
