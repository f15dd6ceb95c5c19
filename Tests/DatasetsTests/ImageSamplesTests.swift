import Configuration
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Datasets

/// Images of which there are too many to be held.
@Suite struct ImageSamplesTests {
    /// Records of four pixels that tell which record it is, and a list of those that were asked for.
    private final class CountedPixels: PixelSource {
        private let asked = Mutex<[Int]>([])

        func takeAsked() -> [Int] {
            asked.withLock { asked in
                defer { asked = [] }
                return asked
            }
        }

        func pixels(of records: [Range<Int>]) -> [UInt8] {
            asked.withLock { $0 += records.joined() }
            return records.joined().flatMap { [UInt8](repeating: UInt8($0 % 251), count: 4) }
        }
    }

    private let shape = ImageShape(channels: 1, height: 2, width: 2)

    @Test func onlyTheImagesOfABatchAreRead() throws {
        let source = CountedPixels()
        let every = UnreadSamples(shape: shape, labels: (0..<1000).map { $0 % 10 }, source: source)
        let unread = every.selecting(Array(stride(from: 0, to: 1000, by: 2)))
        let held = try unread.read(holding: 2000)
        #expect(!held.isReadWhenNeeded && source.takeAsked().count == 500)
        let samples = try unread.read(holding: 1999)
        #expect(samples.isReadWhenNeeded && samples.pixels.isEmpty && source.takeAsked().isEmpty)

        let share = [3, 40, 41, 77, 120, 499]
        var sampler = try Sampler(
            NormalizedSamples(samples, .none(channels: 1)), share: share, batch: 3, lastBatch: .drop, seed: 1, peer: 0)
        var seen: [Int] = []
        for _ in 0..<2 {
            var (images, labels) = ([Float](repeating: 0, count: 12), [Int32](repeating: -1, count: 3))
            var imageSpan = images.mutableSpan
            var labelSpan = labels.mutableSpan
            sampler.fill(images: &imageSpan, labels: &labelSpan)
            let asked = source.takeAsked()
            #expect(images == asked.flatMap { [Float](repeating: Float($0 % 251) / 255, count: 4) })
            #expect(labels == asked.map { Int32($0 % 10) })
            seen += asked
        }
        #expect(seen.sorted() == share.map { 2 * $0 })
    }

    /// What one process needs of a set may be held where the whole set may not.
    @Test func aShareThatIsSmallEnoughIsHeld() throws {
        let source = CountedPixels()
        let unread = UnreadSamples(shape: shape, labels: [Int32](repeating: 0, count: 1000), source: source)
        let share = try unread.read([7, 900], holding: 100)
        #expect(!share.isReadWhenNeeded && source.takeAsked() == [7, 900])
        #expect(share.pixels == [7, 7, 7, 7, 147, 147, 147, 147])
    }

    /// A file of 3 GiB, nearly all of it a hole: more than is held, or than was ever read.
    @Test func aLargeFileIsReadInPlace() throws {
        let folder = try TemporaryFolder()
        let imageBytes = 1 << 20
        for (name, count) in [("train", 3072), ("t10k", 1)] {
            let header = idx([count, 1024, 1024], [])
            let images = try folder.write("\(name)-images-idx3-ubyte", header)
            let file = try FileHandle(forUpdating: URL(filePath: images))
            try file.truncate(atOffset: UInt64(header.count + count * imageBytes))
            try file.seek(toOffset: UInt64(header.count + (count - 1) * imageBytes))
            try file.write(contentsOf: Data([5, 6, 7]))
            try folder.write("\(name)-labels-idx1-ubyte", idx([count], [UInt8](repeating: 9, count: count)))
        }
        let request = DataRequest(name: "mnist", path: folder.path, normalize: false)
        let dataset = try DataSources.load(request, places: DataPlaces(collection: nil, home: nil))
        #expect(dataset.train.isReadWhenNeeded && !dataset.test.isReadWhenNeeded)
        let last = try #require(dataset.train.planes(of: 3071, nil)?.pixels)
        #expect(last.count == imageBytes && last[..<4] == [5, 6, 7, 0])
        #expect(try #require(dataset.train.planes(of: 3070, nil)?.pixels).allSatisfy { $0 == 0 })
        #expect(dataset.test.pixels[..<4] == [5, 6, 7, 0] && dataset.train.failure == nil)

        // The file is cut while it is in use.
        try FileHandle(forUpdating: URL(filePath: "\(folder.path)/train-images-idx3-ubyte"))
            .truncate(atOffset: UInt64(16 + imageBytes + 10))
        #expect(dataset.train.planes(of: 1, nil) == nil && dataset.train.planes(of: 0, nil) != nil)
        #expect(dataset.train.failure?.problem == "ended after 10 of \(imageBytes) bytes while it was read")
    }
}
