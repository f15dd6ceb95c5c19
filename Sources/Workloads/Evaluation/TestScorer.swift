import Runtime
import Synchronization
package import Vectors

/// Scores models by a test: by its accuracy, or by the loss below nothing where it has none or where that is asked for.
/// One model at a time, since a test shares its plans between its threads.
package final class TestScorer: Scorer {
    private let test: Mutex<any ModelTest>
    private let isByLoss: Bool

    package init(_ test: any ModelTest, byLoss: Bool) {
        self.test = Mutex(test)
        isByLoss = byLoss
    }

    package func score(_ model: Payload) -> Double {
        test.withLock { test in
            let score = test.score(model)
            return isByLoss ? -score.loss : score.accuracy ?? -score.loss
        }
    }
}
