package import Compute
package import Datasets
package import Models
package import Optimizers
package import Randomness
package import Runtime
package import Vectors

/// Learns a network from a peer's share of a data set.
///
/// Where the share leaves a smaller last batch in each epoch, a second plan serves that size.
package struct NetworkLearner: Learner, ~Copyable {
    package var sampler: Sampler
    private let whole: GradientPlan
    private let rest: GradientPlan?
    /// Stands for the model that was loaded last.
    private var loaded: UInt64 = 0
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
        let sizes = sampler.batchSizes
        let whole = try parts.plan(network, batch: sizes[0], threads: threads, precision: precision)
        let rest =
            sizes.count > 1 ? try parts.plan(network, batch: sizes[1], threads: threads, precision: precision) : nil
        self.whole = whole
        self.rest = rest
        self.sampler = sampler
        self.shaping = shaping
        self.dropout = dropout
        self.statistics = RunningStatistics(statistics)
        decayed = shaping.decaysNormsAndBiases ? [0..<network.layout.count] : network.layout.weightRanges
    }

    package mutating func load(_ model: Payload, scale: Float) {
        loaded = nextPlan.load(model, scale: scale)
    }

    package mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        var vector = vector
        let count = sampler.nextCount
        let outcome = nextPlan.run(loaded) { executable in
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

    /// The plan for the next batch.
    private var nextPlan: GradientPlan {
        let count = sampler.nextCount
        if count == whole.batch { return whole }
        guard let rest, rest.batch == count else { preconditionFailure("a batch of \(count) samples has no plan") }
        return rest
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
