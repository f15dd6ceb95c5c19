public import Runtime
public import Vectors

/// The mean of all peers' objectives, below nothing.
public struct QuadraticScorer: Scorer {
    private let targets: [[Float]]

    public init(targets: [[Float]]) { self.targets = targets }

    public func score(_ model: Payload) -> Double {
        let point = model.array()
        let squares = targets.flatMap { target in zip(point, target).map { Double($0 - $1) * Double($0 - $1) } }
        return -squares.reduce(0, +) / 2 / Double(targets.count)
    }
}
