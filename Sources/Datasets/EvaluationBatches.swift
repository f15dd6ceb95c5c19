/// A walk over samples in their order, each once: batches for testing, the last one smaller where they do not divide.
public struct EvaluationBatches: Sendable {
    public let batch: Int
    private let samples: NormalizedSamples

    public init(_ samples: ImageSamples, normalization: Normalization, batch: Int) {
        precondition(batch >= 1, "batches of \(batch) samples")
        self.batch = batch
        self.samples = NormalizedSamples(samples, normalization)
    }

    /// Samples in all batches together.
    public var sampleCount: Int { samples.samples.count }
    /// How many batches there are.
    public var count: Int { (sampleCount + batch - 1) / batch }

    /// Samples in a batch.
    public func size(of index: Int) -> Int {
        precondition((0..<count).contains(index), "batch \(index) of \(count)")
        return min(batch, sampleCount - index * batch)
    }

    /// Writes a batch: `size(of: index)` normalised images as N, C, H, W and as many labels.
    public func fill(_ index: Int, images: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>) {
        let indices = Array((index * batch)..<(index * batch + size(of: index)))
        samples.fill(indices[...], images: &images, labels: &labels)
    }
}
