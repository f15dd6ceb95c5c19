/// A function of each number by itself.
public enum Activation: LayerKind {
    case relu
    case sigmoid
    case tanh
    case logSigmoid

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
