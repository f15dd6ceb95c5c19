public import Configuration

/// Sets each number to zero with this probability in training, and scales the others up to keep the expectation.
public struct Dropout: LayerKind {
    /// Of a number to be dropped.
    public let probability: Double

    public var word: String { "dropout" }

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        try inference.require(
            probability >= 0 && probability < 1,
            "a dropout probability of \(probability) is not from 0 up to, but not including, 1")
        return inference.shape
    }
}

extension Layer {
    /// Sets each number to zero with this probability in training, and scales the others up to keep the expectation.
    public static func dropout(probability: Double) -> Layer { Layer(Dropout(probability: probability)) }
}

extension Dropout {
    private static let probability = Option<Double>.number(
        "dropout", default: 0.5, in: 0...1, "the probability of a number to become 0 in training, below 1")

    static let form = LayerForm.Entry(
        "dropout", "some numbers 0 in training", options: [probability.description],
        make: LayerForm { settings throws(ConfigurationError) in
            .dropout(probability: try settings.value(probability))
        })
}
