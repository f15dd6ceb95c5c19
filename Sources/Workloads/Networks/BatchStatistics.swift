package import Compute
package import Datasets
import Dispatch
package import Models
import Randomness
import Synchronization
package import Vectors

/// Finds the mean and variance of each batch-norm of a model: those of fixed training batches, drawn once from the
/// seed, averaged (PyTorch's `update_bn` with a cumulative average; Izmailov et al., 2018). The batches are varied and
/// multiplied as in training, since the model has learned to do with the statistics of those. Averages are taken in
/// the order of the batches, so the number of threads changes no bit.
package final class BatchStatistics: Sendable {
    package static let batchCount = 20
    /// Samples in a batch, where there are as many.
    package static let samplesPerBatch = 100

    private let network: Network
    private let batches: EvaluationBatches
    private let workers: [Worker]

    /// - Parameters:
    ///   - samples: the training set of all peers together.
    ///   - augmentation: how training varies it.
    ///   - precision: the numbers in which training multiplies.
    ///   - threads: how many threads share the work.
    package init(
        _ network: Network, samples: ImageSamples, normalization: Normalization, augmentation: Augmentation = .none,
        precision: Precision = .fp32, seed: UInt64, threads: Int
    ) throws(OneDNNError) {
        self.network = network
        let batch = Self.batch(of: samples.count)
        batches = EvaluationBatches(
            samples, normalization: normalization, batch: batch, order: Self.order(of: samples.count, seed: seed),
            augmentation: augmentation, seed: seed)
        var workers: [Worker] = []
        for _ in 0..<min(threads, Self.batchCount) {
            workers.append(Worker(try Executable(network, batch: batch, mode: .statistics, precision: precision)))
        }
        self.workers = workers
    }

    private static func batch(of count: Int) -> Int { min(samplesPerBatch, count) }

    /// The samples of the fixed batches, out of `count` training samples.
    package static func order(of count: Int, seed: UInt64) -> [Int] {
        let wanted = batchCount * batch(of: count)
        var stream = RandomStream(seed: seed, purpose: .statistics)
        var order: [Int] = []
        while order.count < wanted {
            var all = Array(0..<count)
            stream.shuffle(&all)
            order += all
        }
        return Array(order.prefix(wanted))
    }

    /// The statistics of a model in the layout of `Network.statistics`.
    package func measure(_ model: Payload) -> [Float] {
        let found = Mutex([[Float]](repeating: [], count: batches.count))
        let shares = workers.count
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            workers[share].load(model)
            for index in stride(from: share, to: batches.count, by: shares) {
                let statistics = workers[share].run(batches, index)
                found.withLock { $0[index] = statistics }
            }
        }
        let all = found.withLock(\.self)
        return (0..<network.statistics.count).map { place in
            Float(all.reduce(0.0) { $0 + Double($1[place]) } / Double(all.count))
        }
    }

    /// One thread's plan.
    private final class Worker: Sendable {
        private let plan: Mutex<Executable>

        init(_ executable: consuming Executable) { plan = Mutex(executable) }

        func load(_ model: Payload) {
            plan.withLock { plan in model.read { plan.load($0) } }
        }

        func run(_ batches: EvaluationBatches, _ index: Int) -> [Float] {
            plan.withLock { plan in
                plan.withInput { images, labels in batches.fill(index, images: &images, labels: &labels) }
                plan.evaluate()
                return plan.withStatistics { span in span.indices.map { span[$0] } }
            }
        }
    }
}
