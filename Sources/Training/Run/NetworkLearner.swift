import Compute
import Datasets
import Models
import Optimizers
import Randomness
import Runtime
import Vectors

/// Learns a network from a peer's share of a data set.
///
/// Where the share leaves a smaller last batch in each epoch, a second plan serves that size.
struct NetworkLearner: Learner, ~Copyable {
    var sampler: Sampler
    private var whole: Executable
    private var rest: Executable?
    private let shaping: GradientShaping
    /// What of the parameters weight decay acts on.
    private let decayed: [Range<Int>]
    /// Mean and variance of each batch-norm over the steps so far.
    var statistics: RunningStatistics
    /// The parameters as loaded, kept only where the shaping needs them.
    private var parameters: FlatVector?
    var dropout: RandomStream

    /// - Parameters:
    ///   - threads: cores that one gradient uses.
    ///   - shaping: what is done to each gradient: clipping, and weight decay at the loaded parameters.
    init(
        _ network: Network, sampler: Sampler, threads: Int, shaping: GradientShaping, dropout: RandomStream
    ) throws(OneDNNError) {
        let sizes = sampler.batchSizes
        let whole = try Executable(network, batch: sizes[0], mode: .training, threads: threads)
        let rest = sizes.count > 1 ? try Executable(network, batch: sizes[1], mode: .training, threads: threads) : nil
        self.sampler = sampler
        self.shaping = shaping
        self.dropout = dropout
        self.whole = whole
        self.rest = rest
        statistics = RunningStatistics(network)
        decayed = shaping.decaysNormsAndBiases ? [0..<network.layout.count] : network.layout.weightRanges
        parameters = shaping.needsParameters ? FlatVector(count: network.layout.count) : nil
    }

    mutating func load(_ model: Span<Float>, scale: Float) {
        if sampler.nextCount == whole.batch { whole.load(model, scale: scale) } else { rest?.load(model, scale: scale) }
        parameters?.write { kept in
            for index in model.indices { kept[index] = scale * model[index] }
        }
    }

    mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        var vector = vector
        let count = sampler.nextCount
        let outcome = vector.write { gradient in
            var outcome: (loss: Float, correct: Int)
            if count == whole.batch {
                outcome = Self.run(&whole, &sampler, &dropout, &statistics, &gradient)
            } else if rest != nil {
                outcome = Self.run(&rest!, &sampler, &dropout, &statistics, &gradient)
            } else {
                preconditionFailure("a batch of \(count) samples has no plan")
            }
            return outcome
        }
        shape(&vector)
        return GradientResult(
            gradient: vector,
            report: GradientReport(loss: outcome.loss, correct: outcome.correct, samples: count))
    }

    private func shape(_ vector: inout FlatVector) {
        switch parameters {
        case .some(let parameters):
            parameters.read { loaded in
                vector.write { gradient in shaping.apply(to: &gradient, at: loaded, decaying: decayed) }
            }
        case .none:
            vector.write { gradient in shaping.apply(to: &gradient, at: Span(), decaying: []) }
        }
    }

    private static func run(
        _ executable: inout Executable, _ sampler: inout Sampler, _ dropout: inout RandomStream,
        _ statistics: inout RunningStatistics, _ gradient: inout MutableSpan<Float>
    ) -> (loss: Float, correct: Int) {
        executable.withInput { images, labels in sampler.fill(images: &images, labels: &labels) }
        let outcome = executable.gradient(into: &gradient, dropout: &dropout)
        executable.withStatistics { statistics.take($0) }
        return outcome
    }
}

extension VectorLayout {
    /// Where the weights of convolutions and dense layers lie, neighbours in one range.
    fileprivate var weightRanges: [Range<Int>] {
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
