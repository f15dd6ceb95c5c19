package import Compute
package import Datasets
import Foundation
package import Models
import Synchronization
package import Vectors

/// Tests models on a data set, its batches dealt out to several threads. Sums are added up in the order of the batches,
/// so the number of threads changes no bit.
///
/// Every model, a peer's own like the average of all, is tested in the same way: the statistics of its batch-norms are
/// found again on fixed training batches, since those that a learner kept belong to other parameters than an average's.
package final class Evaluator: ModelTest {
    private let batches: EvaluationBatches
    private let statistics: BatchStatistics?
    private let workers: [Worker]

    /// - Parameters:
    ///   - statistics: what finds the statistics of batch-norms; nil where there are none, or they are given.
    ///   - threads: how many threads share the work.
    ///   - batch: samples in one pass through the network.
    package init(
        _ network: Network, samples: ImageSamples, normalization: Normalization, statistics: BatchStatistics? = nil,
        threads: Int, batch: Int = 200
    ) throws(OneDNNError) {
        self.statistics = statistics
        batches = EvaluationBatches(samples, normalization: normalization, batch: min(batch, samples.count))
        let sizes = Set((0..<batches.count).map(batches.size(of:))).sorted(by: >)
        var workers: [Worker] = []
        for _ in 0..<min(threads, batches.count) { workers.append(try Worker(network, sizes: sizes)) }
        self.workers = workers
    }

    /// Accuracy and loss of a model.
    package func score(_ model: Payload) -> Score {
        score(model, statistics: statistics?.measure(model) ?? [])
    }

    /// Accuracy and loss of a model with batch-norms by these statistics; empty without batch-norms.
    package func score(_ model: Payload, statistics: [Float]) -> Score {
        run(model, statistics, asking: false).score
    }

    /// Accuracy and loss of a model, and its answer to each sample.
    package func answers(of model: Payload) -> (score: Score, answers: [Answer]) {
        run(model, statistics?.measure(model) ?? [], asking: true)
    }

    private func run(
        _ model: Payload, _ statistics: [Float], asking isAsking: Bool
    ) -> (score: Score, answers: [Answer]) {
        let results = Mutex([Result](repeating: Result(), count: batches.count))
        let shares = workers.count
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            workers[share].load(model, statistics)
            for index in stride(from: share, to: batches.count, by: shares) {
                let result = workers[share].run(batches, index, asking: isAsking)
                results.withLock { $0[index] = result }
            }
        }
        let samples = Double(batches.sampleCount)
        return results.withLock { results in
            let score = Score(
                accuracy: Double(results.map(\.correct).reduce(0, +)) / samples,
                loss: results.map(\.lossSum).reduce(0, +) / samples)
            return (score, results.flatMap(\.answers))
        }
    }

    /// What came out of a batch.
    fileprivate struct Result: Sendable {
        var lossSum = 0.0
        var correct = 0
        var answers: [Answer] = []
    }

    /// One thread's plans: one for whole batches, one for a smaller last one.
    private final class Worker: Sendable {
        private struct Plans: ~Copyable {
            var whole: Executable
            var rest: Executable?
        }

        private let plans: Mutex<Plans>

        init(_ network: Network, sizes: [Int]) throws(OneDNNError) {
            let whole = try Executable(network, batch: sizes[0], mode: .inference, threads: 1)
            let rest = sizes.count > 1 ? try Executable(network, batch: sizes[1], mode: .inference, threads: 1) : nil
            plans = Mutex(Plans(whole: whole, rest: rest))
        }

        func load(_ model: Payload, _ statistics: [Float]) {
            plans.withLock { plans in
                plans.whole.load(statistics: statistics.span)
                plans.rest?.load(statistics: statistics.span)
                model.read { parameters in
                    plans.whole.load(parameters)
                    plans.rest?.load(parameters)
                }
            }
        }

        func run(_ batches: EvaluationBatches, _ index: Int, asking isAsking: Bool) -> Result {
            plans.withLock { plans in
                if batches.size(of: index) == plans.whole.batch {
                    return plans.whole.evaluate(batches, index, asking: isAsking)
                }
                return plans.rest?.evaluate(batches, index, asking: isAsking) ?? Result()
            }
        }
    }
}

extension Executable {
    /// What comes out of one batch of samples.
    fileprivate mutating func evaluate(
        _ batches: EvaluationBatches, _ index: Int, asking isAsking: Bool
    ) -> Evaluator.Result {
        withInput { images, labels in batches.fill(index, images: &images, labels: &labels) }
        let (lossSum, correct) = evaluate()
        guard isAsking else { return Evaluator.Result(lossSum: lossSum, correct: correct) }
        let (batch, classes) = (batch, network.classes)
        let answers = withLogits { logits in
            (0..<batch).map { Answer(logits.extracting(($0 * classes)..<(($0 + 1) * classes))) }
        }
        return Evaluator.Result(lossSum: lossSum, correct: correct, answers: answers)
    }
}
