internal import Configuration

/// A function of each number by itself.
public enum Activation: String, LayerKind, CaseIterable {
    case relu
    case sigmoid
    case tanh
    case logSigmoid = "log_sigmoid"

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
    /// log(1 / (1 + exp(-x))): behind it the softmax's cross-entropy is that of sigmoids divided by their sum.
    public static let logSigmoid = Layer(Activation.logSigmoid)
}

extension Activation {
    /// Each a word by itself.
    static let forms = allCases.map { activation in
        LayerForm.Entry(
            activation.rawValue, "the activation, of each number by itself",
            make: LayerForm { _ in Layer(activation) })
    }
}
