internal import Randomness
internal import Vectors

/// How the weights of a convolution or dense layer are drawn at first, and its biases.
public enum WeightInitialization: Sendable, Hashable {
    /// Weights and biases uniform in ±1/sqrt(inputs that one output sees), as PyTorch does by default: Kaiming's
    /// uniform rule with a = sqrt(5) (He et al., 2015; `torch.nn.Linear.reset_parameters`).
    case uniform
    /// Weights uniform in ±sqrt(6 / (inputs + outputs)), biases 0, as Keras does by default (Glorot and Bengio, 2010).
    case glorot
    /// Weights normal with variance 2 / outputs that one input reaches, biases 0, as torchvision does for convolutions
    /// (He et al., 2015, by the fan out).
    case normal

    /// Draws a layer's parameters into `numbers`, all 0 so far.
    func draw(
        _ parameters: [VectorLayout.Entry], in numbers: inout MutableSpan<Float>, from stream: inout RandomStream
    ) {
        guard let weight = parameters.first(where: \.isWeight) else { return }
        let taps = weight.shape.dropFirst(2).reduce(1, *)
        let (inputs, outputs) = (Double(weight.shape[1] * taps), Double(weight.shape[0] * taps))
        switch self {
        case .uniform:
            let bound = 1 / inputs.squareRoot()
            for index in parameters.flatMap(\.range) {
                numbers[index] = Float(stream.uniform(from: -bound, to: bound))
            }
        case .glorot:
            let bound = (6 / (inputs + outputs)).squareRoot()
            for index in weight.range { numbers[index] = Float(stream.uniform(from: -bound, to: bound)) }
        case .normal:
            let deviation = (2 / outputs).squareRoot()
            for index in weight.range { numbers[index] = Float(deviation * stream.normal()) }
        }
    }
}
