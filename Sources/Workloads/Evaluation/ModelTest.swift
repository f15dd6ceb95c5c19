import Runtime
package import Vectors

/// Says how well a model does.
package protocol ModelTest: Sendable {
    func score(_ model: Payload) -> Score

    /// The same, and what the model says of each sample; none where nothing is classified.
    func answers(of model: Payload) -> (score: Score, answers: [Answer])
}

extension ModelTest {
    package func answers(of model: Payload) -> (score: Score, answers: [Answer]) { (score(model), []) }
}
