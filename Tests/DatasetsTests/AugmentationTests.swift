import Configuration
import Randomness
import Testing

@testable import Datasets

@Suite struct AugmentationTests {
    private static let shape = ImageShape(channels: 2, height: 5, width: 6)

    /// Pixels from 1 on, which tell sample, channel and place, so that black is nowhere inside.
    private let samples = ImageSamples(
        shape: shape,
        pixels: (0..<180).map { (index: Int) -> UInt8 in
            let (sample, place) = index.quotientAndRemainder(dividingBy: 60)
            return UInt8(1 + 80 * sample + place)
        },
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
        let variations = Augmentation.cropFlip.variations(
            162_000, shape: Self.shape, drawnFrom: RandomStream(seed: 1, purpose: .augmentation, peer: 0, round: 0))
        let counts = variations.reduce(into: [Variation: Int]()) { $0[$1, default: 0] += 1 }
        #expect(counts.count == 162)
        // Chi-square with 161 degrees of freedom exceeds 223 with probability 0.001.
        let chiSquare = counts.values.map { Double(($0 - 1000) * ($0 - 1000)) / 1000 }.reduce(0, +)
        #expect(chiSquare < 223)
        #expect(
            Augmentation.none.variations(
                100, shape: Self.shape, drawnFrom: RandomStream(seed: 1, purpose: .augmentation, peer: 0, round: 0)
            ).isEmpty)
    }

    @Test func seedPeerAndEpochDecide() {
        func drawn(_ seed: UInt64, _ peer: Int, _ epoch: UInt64) -> [Variation] {
            Augmentation.cropFlip.variations(
                20, shape: Self.shape,
                drawnFrom: RandomStream(seed: seed, purpose: .augmentation, peer: peer, round: epoch))
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

    @Test func partsAreNamedAndDrawnIndependently() {
        #expect(Augmentation.allCases.map(\.rawValue).count == 12 && Set(Augmentation.allCases).count == 12)
        for case let one in Augmentation.allCases { #expect(Augmentation(rawValue: one.rawValue) == one) }
        #expect(Augmentation(rawValue: "none") == Augmentation.none && Augmentation(rawValue: "crop-flip") == .cropFlip)
        #expect(Augmentation(rawValue: "flip-crop") == nil)
        func drawn(_ name: String) -> [Variation] {
            (Augmentation(rawValue: name) ?? .none).variations(
                50, shape: Self.shape, drawnFrom: RandomStream(seed: 1, purpose: .augmentation, peer: 0, round: 0))
        }
        #expect(Set(drawn("flip")).count == 2)
        #expect(drawn("cutout").allSatisfy { $0.hole != nil && $0.windowSeed == nil && !$0.isMirrored })
        #expect(Set(drawn("cutout").map(\.hole)).count > 20)
        #expect(Set(drawn("resized-crop").map(\.windowSeed)).count == 50)
    }

    /// A square about the hole is 0, whatever the normalization; the rest is as it was.
    @Test func cutoutBlotsOutASquare() {
        let normalization = Normalization(mean: [0.25, 0.5], deviation: [0.5, 2])
        let whole = filled(1, Variation(), normalization)
        let cut = filled(1, Variation(hole: Variation.Hole(row: 0, column: 3)), normalization)
        // A quarter of the height of 5 is 1: rows -1 to 0 and columns 2 to 3.
        for place in 0..<60 {
            let (row, column) = (place % 30 / 6, place % 6)
            let isCut = row == 0 && (2...3).contains(column)
            #expect(cut[place] == (isCut ? 0 : whole[place]))
        }
    }

    /// A part of an image in memory is what a picture of the same pixels gives, plane by plane.
    @Test func aPartOfAnImageInMemoryIsBroughtToItsSize() throws {
        let variation = Variation(windowSeed: 11)
        let images = filled(2, variation, .none(channels: 2))
        var stream = try #require(variation.windowStream)
        let window = Window.random(ofWidth: 6, height: 5, &stream)
        #expect(window.width * window.height < 30)
        var pixels = [UInt8](repeating: 0, count: 120)
        for place in 0..<30 {
            pixels[4 * place] = samples.pixels[120 + place]
            pixels[4 * place + 1] = samples.pixels[150 + place]
        }
        #expect(images == (try window.resampled(pixels, stride: 6, to: Self.shape)).map { Float($0) / 255 })
    }
}
