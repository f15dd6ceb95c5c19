import Configuration
import Randomness
import Testing

@testable import Datasets

@Suite struct AugmentationTests {
    private static let shape = ImageShape(channels: 2, height: 5, width: 6)

    /// Pixels from 1 on, which tell sample, channel and place, so that black is nowhere inside.
    private let samples = ImageSamples(
        shape: shape, pixels: (0..<3).flatMap { sample in (0..<60).map { UInt8(1 + sample * 80 + $0) } },
        labels: [0, 1, 2])

    private func filled(_ index: Int, _ variation: Variation, _ normalization: Normalization) -> [Float] {
        var images = [Float](repeating: .nan, count: 60)
        var labels: [Int32] = [-1]
        var imageSpan = images.mutableSpan
        var labelSpan = labels.mutableSpan
        NormalizedSamples(samples, normalization).fill(
            [index], variations: [variation], images: &imageSpan, labels: &labelSpan)
        #expect(labels == [Int32(index)])
        return images
    }

    /// Every shift, mirrored and not, against the definition: surround by black, cut, mirror.
    @Test func aWindowIsCutFromThePaddedImageAndMirrored() {
        let normalization = Normalization(mean: [0.25, 0.5], deviation: [0.5, 2])
        for down in -4...4 {
            for right in -4...4 {
                for isMirrored in [false, true] {
                    let padded = { (channel: Int, row: Int, column: Int) -> UInt8 in
                        guard (4..<9).contains(row), (4..<10).contains(column) else { return 0 }
                        return samples.pixels[60 + channel * 30 + (row - 4) * 6 + column - 4]
                    }
                    var expected: [Float] = []
                    for channel in 0..<2 {
                        for row in 0..<5 {
                            let line = (0..<6).map { padded(channel, row + 4 + down, $0 + 4 + right) }
                            let (mean, deviation): (Float, Float) = channel == 0 ? (0.25, 0.5) : (0.5, 2)
                            expected += (isMirrored ? line.reversed() : line).map {
                                (Float($0) / 255 - mean) / deviation
                            }
                        }
                    }
                    let variation = Variation(down: Int8(down), right: Int8(right), isMirrored: isMirrored)
                    #expect(filled(1, variation, normalization) == expected, "\(down) \(right) \(isMirrored)")
                }
            }
        }
    }

    @Test func allVariationsComeEquallyOften() {
        let variations = Augmentation.cropFlip.variations(162_000, seed: 1, peer: 0, epoch: 0)
        let counts = variations.reduce(into: [Variation: Int]()) { $0[$1, default: 0] += 1 }
        #expect(counts.count == 162)
        // Chi-square with 161 degrees of freedom exceeds 223 with probability 0.001.
        let chiSquare = counts.values.map { Double(($0 - 1000) * ($0 - 1000)) / 1000 }.reduce(0, +)
        #expect(chiSquare < 223)
        #expect(Augmentation.none.variations(100, seed: 1, peer: 0, epoch: 0).isEmpty)
    }

    @Test func seedPeerAndEpochDecide() {
        func drawn(_ seed: UInt64, _ peer: Int, _ epoch: UInt64) -> [Variation] {
            Augmentation.cropFlip.variations(20, seed: seed, peer: peer, epoch: epoch)
        }
        #expect(drawn(1, 0, 0) == drawn(1, 0, 0))
        #expect(Set([drawn(1, 0, 0), drawn(2, 0, 0), drawn(1, 1, 0), drawn(1, 0, 1)]).count == 4)
    }

    /// Batches of a sampler that goes on from a saved state, also in the middle of an epoch, are those of the first.
    @Test func aResumedSamplerVariesTheSame() throws {
        func sampler(_ state: Sampler.State = Sampler.State()) throws -> Sampler {
            try Sampler(
                NormalizedSamples(samples, .none(channels: 2)), share: [0, 1, 2], batch: 1, lastBatch: .keep,
                augmentation: .cropFlip, seed: 4, peer: 1, state: state)
        }
        func next(_ sampler: inout Sampler) -> [Float] {
            var images = [Float](repeating: .nan, count: 60)
            var labels: [Int32] = [-1]
            var imageSpan = images.mutableSpan
            var labelSpan = labels.mutableSpan
            sampler.fill(images: &imageSpan, labels: &labelSpan)
            return images
        }
        var whole = try sampler()
        var seen: Set<[Float]> = []
        for _ in 0..<12 {
            var resumed = try sampler(whole.state)
            let batch = next(&whole)
            #expect(next(&resumed) == batch)
            seen.insert(batch)
        }
        // Four epochs of three images, nearly all of them seen in another way.
        #expect(seen.count > 9)
    }
}
