import Runtime
import Synchronization
package import Vectors

/// Scores models by a test: by its accuracy, or by the loss below nothing where it has none. One model at a time, since
/// a test shares its plans between its threads.
package final class TestScorer: Scorer {
    private let test: Mutex<any ModelTest>

    package init(_ test: any ModelTest) { self.test = Mutex(test) }

    package func score(_ model: Payload) -> Double {
        test.withLock { test in
            let score = test.score(model)
            return score.accuracy ?? -score.loss
        }
    }
}
