import Foundation

/// What a model says of a sample.
public struct Answer: Sendable, Hashable {
    /// The class with the greatest logit, the first one of several.
    public let label: Int
    /// The probability that the model gives it, from 0 to 1; NaN where a logit is.
    public let confidence: Float
}

extension Answer {
    /// The answer that lies in the logits of one sample.
    init(_ logits: Span<Float>) {
        var largest = 0
        for index in logits.indices where logits[index] > logits[largest] { largest = index }
        // The probabilities over that of the answer.
        var sum = 0.0
        for index in logits.indices { sum += exp(Double(logits[index] - logits[largest])) }
        self.init(label: largest, confidence: Float(1 / sum))
    }
}
