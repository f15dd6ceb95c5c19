import Randomness

/// A walk over samples: batches for testing, the last one smaller where they do not divide.
public struct EvaluationBatches: Sendable {
    public let batch: Int
    private let samples: NormalizedSamples
    private let order: [Int]
    /// One for each sample of the walk, or none at all.
    private let variations: [Variation]

    /// All samples as they stand.
    public init(_ samples: ImageSamples, normalization: Normalization, batch: Int) {
        self.init(samples, normalization, batch: batch, order: Array(0..<samples.count), variations: [])
    }

    /// The samples at these indices, varied as training varies them, by draws of the seed's statistics.
    public init(
        _ samples: ImageSamples, normalization: Normalization, batch: Int, order: [Int], augmentation: Augmentation,
        seed: UInt64
    ) {
        let variations = augmentation.variations(
            order.count, shape: samples.shape, drawnFrom: RandomStream(seed: seed, purpose: .statistics, round: 1))
        self.init(samples, normalization, batch: batch, order: order, variations: variations)
    }

    private init(
        _ samples: ImageSamples, _ normalization: Normalization, batch: Int, order: [Int], variations: [Variation]
    ) {
        precondition(batch >= 1, "batches of \(batch) samples")
        self.batch = batch
        self.samples = NormalizedSamples(samples, normalization)
        self.order = order
        self.variations = variations
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
        let places = (index * batch)..<(index * batch + size(of: index))
        samples.fill(
            order[places], variations: variations.isEmpty ? [] : variations[places], images: &images, labels: &labels)
    }
}
