public import Vectors

/// Says how well a model does on samples that nobody learns from: the higher the better. Called on the nodes' threads,
/// by several at once, and waited for.
public protocol Scorer: Sendable {
    func score(_ model: Payload) -> Double
}
