import Runtime
import Vectors

/// Scores a model by how near it is to one target.
struct NearnessScorer: Scorer {
    let target: [Double]

    func score(_ model: Payload) -> Double {
        -zip(model.array(), target).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    }
}
