/// Mean and variance of each batch-norm as a learner keeps them: an exponential average over its batches, as PyTorch's
/// modules do with their default momentum of 0.1.
///
/// They follow the learner's own steps and never travel: algorithms that extrapolate would make variances negative.
package struct RunningStatistics: Sendable, Hashable {
    /// Weight of the newest batch.
    package static let momentum: Float = 0.1

    /// In the layout of `Network.statistics`.
    package var values: [Float]
    /// Batches so far.
    package var batches: UInt64 = 0

    /// - Parameter values: what they begin with, before any batch.
    package init(_ values: [Float]) { self.values = values }

    package mutating func take(_ batch: Span<Float>) {
        precondition(batch.count == values.count, "\(batch.count) statistics for \(values.count)")
        for index in values.indices {
            values[index] = (1 - Self.momentum) * values[index] + Self.momentum * batch[index]
        }
        batches += 1
    }
}
