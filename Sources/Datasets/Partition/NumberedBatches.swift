import Randomness

/// The batches that a sampler gives out one behind the other, each by its number: in any order, as often as they are
/// wanted, and in parts.
public struct NumberedBatches: Sendable {
    private let epochs: Epochs
    private let workers: BatchWorkers?
    /// The epochs that were used last: around an epoch's end two take turns.
    private var recent: [Epochs.Epoch] = []

    /// Those of a sampler from its beginning, wherever it stands.
    public init(of sampler: Sampler) {
        epochs = sampler.epochs
        workers = sampler.workers
    }

    /// Samples in a batch.
    public func count(of batch: UInt64) -> Int { epochs.place(ofBatch: batch).places.count }

    /// Writes some of the samples of a batch: as many normalised images as N, C, H, W, and their labels. Either may be
    /// left out by an empty span.
    public mutating func fill(
        _ rows: Range<Int>, of batch: UInt64, images: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
    ) {
        let (number, batchPlaces) = epochs.place(ofBatch: batch)
        let places = (batchPlaces.lowerBound + rows.lowerBound)..<(batchPlaces.lowerBound + rows.upperBound)
        precondition(
            batchPlaces.upperBound >= places.upperBound, "rows \(rows) of a batch of \(batchPlaces.count) samples")
        let epoch = epoch(number)
        let variations = epoch.variations(at: places)
        let pending =
            images.isEmpty
            ? nil : workers?.make(epochs.samples.samples, Array(epoch.order[places]), Array(variations))
        epochs.samples.fill(
            epoch.order[places], variations: variations, planes: pending?.planes(), images: &images, labels: &labels)
    }

    private mutating func epoch(_ number: UInt64) -> Epochs.Epoch {
        if let index = recent.firstIndex(where: { $0.number == number }) {
            if index > 0 { recent.swapAt(0, index) }
        } else {
            recent = [epochs.epoch(number)] + recent.prefix(1)
        }
        return recent[0]
    }
}
