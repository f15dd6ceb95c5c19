import Datasets
import Testing

@Suite struct NumberedBatchesTests {
    private static let shape = ImageShape(channels: 1, height: 4, width: 4)

    private let samples = ImageSamples(
        shape: shape, pixels: (0..<(40 * 16)).map { UInt8($0 * 7 % 251) }, labels: (0..<40).map(Int32.init))

    private func sampler(_ lastBatch: LastBatch, workers: BatchWorkers? = nil) throws -> Sampler {
        try Sampler(
            NormalizedSamples(samples, Normalization(mean: [0.5], deviation: [0.5])), share: Array(3..<26), batch: 5,
            lastBatch: lastBatch, augmentation: #require(Augmentation(rawValue: "crop-flip-cutout")), seed: 4, peer: 1,
            workers: workers)
    }

    private struct Batch: Hashable {
        var images: [Float]
        var labels: [Int32]

        init(_ count: Int, fill: (inout MutableSpan<Float>, inout MutableSpan<Int32>) -> Void) {
            self.init(images: count, labels: count, fill: fill)
        }

        init(images: Int, labels: Int, fill: (inout MutableSpan<Float>, inout MutableSpan<Int32>) -> Void) {
            var imageValues = [Float](repeating: -9, count: images * 16)
            var labelValues = [Int32](repeating: -9, count: labels)
            var imageSpan = imageValues.mutableSpan
            var labelSpan = labelValues.mutableSpan
            fill(&imageSpan, &labelSpan)
            self.images = imageValues
            self.labels = labelValues
        }
    }

    /// Around the ends of epochs, backward and once more: the number alone decides.
    @Test(arguments: [LastBatch.keep, .drop], [0, 2]) func aBatchIsTheSamplersOfItsNumber(
        _ lastBatch: LastBatch, _ threads: Int
    ) throws {
        let workers = threads > 0 ? try BatchWorkers(threads: threads) : nil
        var sampler = try sampler(lastBatch)
        let wanted = (0..<13).map { _ in Batch(sampler.nextCount) { sampler.fill(images: &$0, labels: &$1) } }
        var batches = NumberedBatches(of: try self.sampler(lastBatch, workers: workers))
        for number in [7, 4, 5, 3, 12, 0, 4, 5, 9, 1, 7] {
            let count = batches.count(of: UInt64(number))
            #expect(count == wanted[number].labels.count)
            let found = Batch(count) { batches.fill(0..<count, of: UInt64(number), images: &$0, labels: &$1) }
            #expect(found == wanted[number])
        }
    }

    @Test func aPartOfABatchIsThatPartAndImagesOrLabelsMayBeLeftOut() throws {
        var sampler = try sampler(.keep)
        let first = Batch(5) { sampler.fill(images: &$0, labels: &$1) }
        var batches = NumberedBatches(of: sampler)
        let part = Batch(2) { batches.fill(3..<5, of: 0, images: &$0, labels: &$1) }
        #expect(part.images == Array(first.images[48...]) && part.labels == Array(first.labels[3...]))
        #expect(
            Batch(images: 2, labels: 0) { batches.fill(3..<5, of: 0, images: &$0, labels: &$1) }.images == part.images)
        #expect(
            Batch(images: 0, labels: 2) { batches.fill(3..<5, of: 0, images: &$0, labels: &$1) }.labels == part.labels)
    }
}
