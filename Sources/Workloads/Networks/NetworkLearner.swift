package import Compute
package import Datasets
package import Models
package import Optimizers
package import Randomness
package import Runtime
package import Vectors

/// Learns a network from a peer's share of a data set.
///
/// Where the share leaves a smaller last batch in each epoch, another plan serves that size.
package struct NetworkLearner: Learner, ~Copyable {
    package var sampler: Sampler
    private let network: Network
    private let threads: Int
    private let precision: Precision
    private let parts: PlanCache
    /// The plan that has a model and still owes the gradient.
    private var loaded: GradientPlan?
    private let shaping: GradientShaping
    /// What of the parameters weight decay acts on.
    private let decayed: [Range<Int>]
    /// Mean and variance of each batch-norm over the steps so far.
    package var statistics: RunningStatistics
    package var dropout: RandomStream

    /// - Parameters:
    ///   - statistics: what the mean and variance of each batch-norm begin with.
    ///   - threads: cores that one gradient uses.
    ///   - precision: the numbers in which it multiplies.
    ///   - shaping: what is done to each gradient: clipping, and weight decay at the loaded parameters.
    ///   - parts: where its plans are, or will be.
    package init(
        _ network: Network, statistics: [Float], sampler: Sampler, threads: Int, precision: Precision = .fp32,
        shaping: GradientShaping, dropout: RandomStream, sharing parts: PlanCache
    ) throws(OneDNNError) {
        // What cannot be computed is found now.
        for size in sampler.batchSizes {
            parts.giveBack(try parts.plan(network, batch: size, threads: threads, precision: precision))
        }
        self.network = network
        self.threads = threads
        self.precision = precision
        self.parts = parts
        self.sampler = sampler
        self.shaping = shaping
        self.dropout = dropout
        self.statistics = RunningStatistics(statistics)
        decayed = shaping.decaysNormsAndBiases ? [0..<network.layout.count] : network.layout.weightRanges
    }

    package mutating func load(_ model: Payload, scale: Float) {
        let plan = loaded ?? nextPlan()
        plan.load(model, scale: scale)
        loaded = plan
    }

    package mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        var vector = vector
        let count = sampler.nextCount
        guard let plan = loaded.take() else { preconditionFailure("a gradient is asked for, and no model was loaded") }
        defer { parts.giveBack(plan) }
        let outcome = plan.run { executable in
            vector.write { gradient in
                executable.withInput { images, labels in sampler.fill(images: &images, labels: &labels) }
                let outcome = executable.gradient(into: &gradient, dropout: &dropout)
                executable.withStatistics { statistics.take($0) }
                executable.withParameters { shaping.apply(to: &gradient, at: $0, decaying: decayed) }
                return outcome
            }
        }
        return GradientResult(
            gradient: vector,
            report: GradientReport(loss: outcome.loss, correct: outcome.correct, samples: count))
    }

    package var work: Double {
        network.multiplicationsPerSampleInTraining * Double(sampler.batch) + Double(network.layout.count)
    }

    /// A plan for the next batch.
    private func nextPlan() -> GradientPlan {
        do throws(OneDNNError) {
            return try parts.plan(network, batch: sampler.nextCount, threads: threads, precision: precision)
        } catch {
            // One could be made when the learner was, and all are alike.
            preconditionFailure("no plan for a batch of \(sampler.nextCount): \(error)")
        }
    }
}

extension VectorLayout {
    /// Where the weights of convolutions and dense layers lie, neighbours in one range.
    var weightRanges: [Range<Int>] {
        var ranges: [Range<Int>] = []
        for entry in entries where entry.isWeight {
            if let last = ranges.last, last.upperBound == entry.offset {
                ranges[ranges.count - 1] = last.lowerBound..<entry.range.upperBound
            } else {
                ranges.append(entry.range)
            }
        }
        return ranges
    }
}
