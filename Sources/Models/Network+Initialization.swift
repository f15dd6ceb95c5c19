public import Randomness
public import Vectors

extension Network {
    /// Parameters drawn as PyTorch draws them by default: weights and biases of a layer uniform in ±1/sqrt(inputs that
    /// one output sees), which is Kaiming's uniform rule with a = sqrt(5) (He et al., 2015;
    /// `torch.nn.Linear.reset_parameters`).
    public func initialParameters(from stream: inout RandomStream) -> FlatVector {
        var parameters = FlatVector(count: layout.count)
        var bound = 0.0
        parameters.write { numbers in
            for entry in layout.entries {
                // A bias follows its weight and shares its bound.
                if entry.shape.count > 1 {
                    bound = 1 / Double(entry.shape.dropFirst().reduce(1, *)).squareRoot()
                }
                for index in entry.range {
                    numbers[index] = Float(stream.uniform(from: -bound, to: bound))
                }
            }
        }
        return parameters
    }

    /// The parameters that a peer starts from.
    public func initialParameters(seed: UInt64, peer: Int = 0) -> FlatVector {
        var stream = RandomStream(seed: seed, purpose: .initialization, peer: peer)
        return initialParameters(from: &stream)
    }
}
