public import Randomness
public import Vectors

extension Network {
    /// Parameters drawn as PyTorch draws them by default: weights and biases of a convolution or dense layer uniform in
    /// ±1/sqrt(inputs that one output sees), which is Kaiming's uniform rule with a = sqrt(5) (He et al., 2015;
    /// `torch.nn.Linear.reset_parameters`). Norms begin with their initial scale, and shifts of 0.
    public func initialParameters(from stream: inout RandomStream) -> FlatVector {
        var parameters = FlatVector(count: layout.count)
        parameters.write { numbers in
            for layer in layers.flatMap(\.all) {
                guard let name = layer.name, let weight = layout["\(name).weight"] else { continue }
                switch layer {
                case .batchNorm(_, let scale), .groupNorm(_, _, let scale):
                    for index in weight.range { numbers[index] = scale }
                default:
                    let bound = 1 / Double(weight.shape.dropFirst().reduce(1, *)).squareRoot()
                    for entry in [weight, layout["\(name).bias"]].compactMap(\.self) {
                        for index in entry.range { numbers[index] = Float(stream.uniform(from: -bound, to: bound)) }
                    }
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

    /// The statistics that training starts from, in the layout of `statistics`: means of 0, variances of 1.
    public func initialStatistics() -> [Float] {
        statistics.entries.flatMap { entry in
            [Float](repeating: entry.name.hasSuffix(".running_var") ? 1 : 0, count: entry.count)
        }
    }
}
