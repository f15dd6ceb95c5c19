/// A walk over samples: batches for testing, the last one smaller where they do not divide.
public struct EvaluationBatches: Sendable {
    public let batch: Int
    private let samples: NormalizedSamples
    private let order: [Int]

    /// - Parameter order: the samples of the walk, by index; nil for all of them as they stand.
    public init(_ samples: ImageSamples, normalization: Normalization, batch: Int, order: [Int]? = nil) {
        precondition(batch >= 1, "batches of \(batch) samples")
        self.batch = batch
        self.samples = NormalizedSamples(samples, normalization)
        self.order = order ?? Array(0..<samples.count)
    }

    /// Samples in all batches together.
    public var sampleCount: Int { order.count }
    /// How many batches there are.
    public var count: Int { (sampleCount + batch - 1) / batch }

    /// Samples in a batch.
    public func size(of index: Int) -> Int {
        precondition((0..<count).contains(index), "batch \(index) of \(count)")
        return min(batch, sampleCount - index * batch)
    }

    /// Writes a batch: `size(of: index)` normalised images as N, C, H, W and as many labels.
    public func fill(_ index: Int, images: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>) {
        let start = index * batch
        samples.fill(order[start..<(start + size(of: index))], images: &images, labels: &labels)
    }
}
