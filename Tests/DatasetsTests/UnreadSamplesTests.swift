import Configuration
import Foundation
import TestKit
import Testing

@testable import Datasets

/// A process reads its own samples and gets the numbers that a reading of all would have given it.
@Suite struct UnreadSamplesTests {
    private enum Form: CaseIterable { case made, plain, packed, records }

    private static let partitions: [Partition] = [
        .iid, .contiguous, .labelSorted, .byClass, .shards(perPeer: 2), .dirichlet(alpha: 2),
    ]

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Sixty training images and eight for testing, their pixels drawn from a small generator.
    private func open(_ form: Form, _ change: (inout DataRequest) -> Void = { _ in }) throws -> UnreadDataset {
        let places = DataPlaces(collection: nil, home: nil)
        var request = DataRequest(name: "", path: folder.path, seed: 7)
        change(&request)
        switch form {
        case .made:
            request.name = "synthetic"
            request.path = nil
            request.options = Options(["samples": .integer(60), "size": .integer(4), "classes": .integer(3)])
            return try DataSources.open(request, places: places)
        case .plain, .packed:
            request.name = "mnist"
            try writeImages(60, name: "train", isPacked: form == .packed)
            try writeImages(8, name: "t10k", isPacked: form == .packed)
            return try DataSources.open(request, places: places)
        case .records:
            for (file, name) in (CIFARCollection.cifar10.trainFiles + [CIFARCollection.cifar10.testFile]).enumerated() {
                var records: [UInt8] = []
                for index in 0..<12 { records += [UInt8(index % 3)] + noise(3072, seed: 12 * file + index) }
                try folder.write(name, records)
            }
            var dataset = try CIFARCollection.cifar10.open(path: folder.path, places: places)
            try request.limit(&dataset)
            return dataset
        }
    }

    private func writeImages(_ count: Int, name: String, isPacked: Bool) throws {
        let images = idx([count, 2, 3], (0..<count).flatMap { noise(6, seed: count + $0) })
        try folder.write("\(name)-images-idx3-ubyte", isPacked ? storedGzip(images) : images)
        try folder.write("\(name)-labels-idx1-ubyte", idx([count], (0..<count).map { UInt8($0 % 3) }))
    }

    private func noise(_ count: Int, seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: (seed &* 31 &+ $0 &+ 1) &* 2_654_435_761 >> 16) }
    }

    /// What a peer sees in two epochs and a bit.
    private func batches(
        _ dataset: Dataset, _ share: [Int], peer: Int, _ augmentation: Augmentation = .cropFlip,
        workers: BatchWorkers? = nil
    ) throws -> [[Float]] {
        var sampler = try Sampler(
            NormalizedSamples(dataset.train, dataset.normalization), share: share, batch: 4, lastBatch: .keep,
            augmentation: augmentation, seed: 7, peer: peer, workers: workers)
        return (0..<12).map { _ in
            var labels = [Int32](repeating: -1, count: sampler.nextCount)
            var images = [Float](repeating: .nan, count: labels.count * dataset.shape.count)
            var imageSpan = images.mutableSpan
            var labelSpan = labels.mutableSpan
            sampler.fill(images: &imageSpan, labels: &labelSpan)
            return images + labels.map(Float.init)
        }
    }

    @Test(arguments: Form.allCases, partitions)
    private func aShareReadAloneIsTheShareOfAll(form: Form, partition: Partition) throws {
        let unread = try open(form) { ($0.trainSamples, $0.validationSamples) = (50, 7) }
        let all = try unread.read()
        let shares = try partition.shares(labels: unread.train.labels, peers: 3, batch: 4, seed: 7)
        for (peer, share) in shares.enumerated() {
            let part = try unread.read(train: Set(share), tests: false)
            #expect(part.train.pixels.count == share.count * part.shape.count)
            #expect(part.train.labels == all.train.labels)
            #expect(part.test.pixels.isEmpty && part.test.labels == all.test.labels)
            #expect(part.validation.pixels.isEmpty && part.validation.count == 7)
            #expect(try batches(part, share, peer: peer) == batches(all, share, peer: peer))
        }
    }

    /// However many are held, and whoever reads the others.
    @Test(arguments: Form.allCases) private func whatIsReadWhenItIsNeededIsTheSame(form: Form) throws {
        let unread = try open(form) { ($0.trainSamples, $0.validationSamples) = (50, 7) }
        let (all, late) = (try unread.read(), try unread.read(holding: 0))
        // What is made can be made only in its order.
        #expect(late.train.isReadWhenNeeded == (form != .made) && late.test.isReadWhenNeeded == (form != .made))
        let workers = try BatchWorkers(threads: 2)
        for augmentation in [Augmentation.none, .cropFlip, try #require(Augmentation(rawValue: "resized-crop-flip"))] {
            let wanted = try batches(all, Array(3..<40), peer: 1, augmentation)
            #expect(try batches(late, Array(3..<40), peer: 1, augmentation) == wanted)
            #expect(try batches(late, Array(3..<40), peer: 1, augmentation, workers: workers) == wanted)
        }
        #expect(late.train.failure == nil)
    }

    @Test(arguments: Form.allCases) private func testSamplesAreReadWhereTheyAreWanted(form: Form) throws {
        let unread = try open(form) { ($0.trainSamples, $0.validationSamples, $0.testSamples) = (20, 5, 3) }
        let (part, all) = (try unread.read(train: [4]), try unread.read())
        #expect(part.test.pixels == all.test.pixels && part.validation.pixels == all.validation.pixels)
        #expect(all.test.pixels.count == 3 * all.shape.count && part.train.pixels.count == all.shape.count)
    }

    /// The files end behind the samples that are wanted, once they have been opened.
    @Test func whatIsNotWantedIsNotRead() throws {
        let unread = try open(.plain)
        try folder.write("train-images-idx3-ubyte", idx([60, 2, 3], (0..<13).flatMap { noise(6, seed: 60 + $0) }))
        try FileManager.default.removeItem(atPath: "\(folder.path)/t10k-images-idx3-ubyte")
        let part = try unread.read(train: [3, 4, 12], tests: false).train
        #expect(part.pixels == [3, 4, 12].flatMap { noise(6, seed: 60 + $0) })
        let error = #expect(throws: DataError.self) { try unread.read(train: [3, 13], tests: false) }
        #expect(error?.problem == "ended after 6 of 12 bytes while it was read")

        let records = try open(.records)
        for name in CIFARCollection.cifar10.trainFiles.dropFirst() + [CIFARCollection.cifar10.testFile] {
            try folder.write(name, [])
        }
        let first = try records.read(train: [2, 11], tests: false).train
        #expect(first.pixels == noise(3072, seed: 2) + noise(3072, seed: 11))
        #expect(throws: DataError.self) { try records.read(train: [12], tests: false) }
    }

    @Test func aSampleThatIsNotHeldTraps() async {
        await #expect(processExitsWith: .failure) {
            let samples = ImageSamples(
                shape: ImageShape(channels: 1, height: 1, width: 1), pixels: [5], labels: [0, 1], held: [1])
            #expect(samples.start(of: 1) == 0)
            _ = samples.start(of: 0)
        }
    }
}

/// A gzip member that holds these bytes as they are.
private func storedGzip(_ bytes: [UInt8]) -> [UInt8] {
    var remainder: UInt32 = ~0
    for byte in bytes {
        remainder ^= UInt32(byte)
        for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let header: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 0, 255]
    return header + [1] + little(bytes.count, 2) + little(~bytes.count, 2) + bytes + little(Int(~remainder), 4)
        + little(bytes.count, 4)
}
