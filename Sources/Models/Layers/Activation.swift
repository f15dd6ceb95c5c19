internal import Configuration

/// A function of each number by itself.
public enum Activation: String, LayerKind, CaseIterable {
    case relu
    case sigmoid
    case tanh

    public var word: String { rawValue }

    public func outputShape(_ inference: inout ShapeInference) -> [Int] { inference.shape }
}

extension Layer {
    /// max(0, x)
    public static let relu = Layer(Activation.relu)
    /// 1 / (1 + exp(-x))
    public static let sigmoid = Layer(Activation.sigmoid)
    /// The hyperbolic tangent.
    public static let tanh = Layer(Activation.tanh)
}

extension Activation {
    /// Each a word by itself.
    static let forms = allCases.map { activation in
        LayerForm.Entry(
            activation.rawValue, "the activation, of each number by itself",
            make: LayerForm { _ in Layer(activation) })
    }
}
