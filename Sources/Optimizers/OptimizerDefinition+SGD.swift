internal import Configuration
internal import Vectors

extension OptimizerDefinition {
    /// Stochastic gradient descent (Robbins and Monro, 1951): `x <- x - learningRate * g`, a chain without transforms.
    static let sgd = OptimizerDefinition("sgd", "Stochastic gradient descent") { (_, _) in [] }
}
