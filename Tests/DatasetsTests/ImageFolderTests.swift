import Configuration
import Foundation
import TestKit
import Testing

@testable import Datasets

@Suite(.enabled(if: PictureTests.hasJPEG && PictureTests.hasPNG, "libturbojpeg or libpng is not installed"))
struct ImageFolderTests {
    private let folder: TemporaryFolder
    private let colour: [UInt8]
    private let grey: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        colour = try PictureTests.fixture("colour.png")
        grey = try PictureTests.fixture("grey.jpg")
    }

    private func open(_ name: String = "set", _ options: [String: OptionValue] = [:]) throws -> UnreadDataset {
        var all: [String: OptionValue] = ["image_size": .integer(16), "resize": .integer(20)]
        all.merge(options) { $1 }
        return try DataSources.open(
            DataRequest(name: "image-folder", options: Options(all), path: "\(folder.path)/\(name)", seed: 3),
            places: DataPlaces(collection: nil, home: nil))
    }

    /// The planes of every image of some samples, as they are.
    private func planes(_ samples: ImageSamples) -> [[UInt8]?] {
        (0..<samples.count).map { samples.planes(of: $0, nil)?.pixels }
    }

    private func writeTree() throws {
        try folder.write("set/train/dog/1.png", colour)
        try folder.write("set/train/cat/b.JPEG", grey)
        try folder.write("set/train/cat/a.png", colour)
        try folder.write("set/train/cat/notes.txt", [1])
        try folder.write("set/val/dog/deeper/9.jpg", grey)
    }

    @Test func foldersAreClasses() throws {
        try writeTree()
        let dataset = try open().read()
        #expect(dataset.classes == ["cat", "dog"])
        #expect(dataset.train.labels == [0, 0, 1] && dataset.test.labels == [1])
        #expect(dataset.shape == ImageShape(channels: 3, height: 16, width: 16))
        let middle = try PictureTests.fixture("colour.png.planes")
        let images = planes(dataset.train)
        #expect(images[0] == middle && images[2] == middle && images[1] != middle)
        #expect(planes(dataset.test)[0] == images[1])
        // The normalization is ImageNet's, whatever is in the folder.
        #expect(dataset.normalization.mean == [0.485, 0.456, 0.406])
    }

    @Test func aTarIsReadInPlaceAndIsTheSame() throws {
        try writeTree()
        let expected = try open().read()
        let names = ["train/dog/1.png", "train/cat/a.png", "train/cat/b.JPEG", "val/dog/deeper/9.jpg"]
        func bytes(_ name: String) -> [UInt8] { name.hasSuffix("png") ? colour : grey }
        try folder.write("all.tar", tar(names.map { ("./\($0)", bytes($0)) }))
        // Shards: one for each part, of which one repeats its name within.
        try folder.write("shards/train-000.tar", tar(names.prefix(1).map { (String($0.dropFirst(6)), bytes($0)) }))
        try folder.write("shards/train-001.tar", tar(names[1...2].map { ($0, bytes($0)) }))
        try folder.write("shards/val/000.tar", tar(names.suffix(1).map { (String($0.dropFirst(4)), bytes($0)) }))
        for name in ["all.tar", "shards"] {
            let dataset = try open(name).read()
            #expect(dataset.classes == expected.classes)
            #expect(dataset.train.labels.sorted() == [0, 0, 1] && dataset.test.labels == [1])
            #expect(planes(dataset.test) == planes(expected.test))
            #expect(Set(planes(dataset.train)) == Set(planes(expected.train)))
        }
    }

    @Test func webDatasetsNumbersAreClasses() throws {
        func sample(_ key: String, _ label: String, _ picture: [UInt8]) -> [(name: String, bytes: [UInt8])] {
            [("\(key).jpg", picture), ("\(key).cls", Array(label.utf8))]
        }
        try folder.write("set/train-0.tar", tar(sample("0001", "2", grey) + sample("a/02", "0\n", grey)))
        try folder.write("set/test-0.tar", tar(sample("7", "3", grey)))
        let dataset = try open()
        #expect(dataset.train.labels == [2, 0] && dataset.test.labels == [3])
        #expect(dataset.classes.count == 4)
        try folder.write("set/test-0.tar", tar(sample("7", "many", grey)))
        #expect(problem()?.problem == "holds 'many', where the number of a class is expected")
        try folder.write("set/test-0.tar", tar([("8.jpg", grey)]))
        let error = problem()
        #expect(error?.subject == "\(folder.path)/set/test-0.tar, 8.jpg")
        #expect(error?.problem == "has no .cls file of the same name, which tells its class")
    }

    private func problem(_ options: [String: OptionValue] = [:]) -> DataError? {
        let error = #expect(throws: DataError.self) { try open("set", options) }
        #expect(error?.kind == .malformed)
        return error
    }

    @Test func foldersThatAreNoSetAreRefused() throws {
        try folder.write("set/train/cat/a.png", colour)
        #expect(problem()?.problem == "has nothing to test on: no folder test or val beside train")
        try folder.write("set/test/bird/b.png", colour)
        #expect(problem()?.problem == "is of the class bird, of which there are no training pictures")
        try folder.write("set/train/bird/c.txt", [])
        let empty = problem()
        #expect(empty?.subject == "\(folder.path)/set/train/bird")
        #expect(empty?.problem == "is the folder of a class and holds no JPEG or PNG file")
        try FileManager.default.removeItem(atPath: "\(folder.path)/set")
        try folder.write("set/a.txt", [])
        #expect(problem()?.problem == "holds no JPEG or PNG file to learn from")
        let missing = #expect(throws: DataError.self) { try open("nowhere") }
        #expect(missing?.kind == .missing)
        let small = #expect(throws: ConfigurationError.self) { try open("set", ["resize": .integer(15)]) }
        #expect(small?.key == "resize")
    }

    @Test func aPartIsSetApartForTestingWhereItIsAskedFor() throws {
        for index in 0..<8 { try folder.write("set/class-\(index % 2)/\(index).png", colour) }
        let dataset = try open("set", ["test_fraction": .number(0.25)])
        #expect(dataset.test.count == 2 && dataset.train.count == 6)
        #expect(try open("set", ["test_fraction": .number(0.25)]).test.labels == dataset.test.labels)
    }

    @Test func damagedPicturesAreNamedOrSkipped() throws {
        try writeTree()
        let damaged = try folder.write("set/train/cat/aa.jpg", Array(grey.prefix(grey.count / 2)))
        let unread = try open()
        let error = #expect(throws: DataError.self) { try unread.verify() }
        #expect(error?.subject == damaged)
        #expect(error?.problem.hasPrefix("is truncated or damaged (") == true)
        // Unless it is asked, it is found when it comes up, and the reason kept.
        let train = try unread.read().train
        #expect(train.count == 4 && train.failure == nil)
        #expect(train.planes(of: 1, nil) == nil && train.failure?.subject == damaged)

        let skipping = try open("set", ["corrupt": .text("skip")])
        #expect(skipping.train.labels == [0, 0, 1])
        try skipping.verify()
    }

    /// With workers as without, for a share of the samples and from the middle of an epoch.
    @Test(arguments: [Augmentation.none, .cropFlip, Augmentation(rawValue: "resized-crop-flip-cutout") ?? .none])
    func workersChangeNoBit(augmentation: Augmentation) throws {
        for index in 0..<23 { try folder.write("set/train/\(index % 3)/\(index).png", index % 2 == 0 ? colour : grey) }
        for index in 0..<3 { try folder.write("set/test/\(index)/x.jpg", grey) }
        let dataset = try open().read()
        let samples = NormalizedSamples(dataset.train, dataset.normalization)
        func batches(_ workers: BatchWorkers?) throws -> [[Float]] {
            var sampler = try Sampler(
                samples, share: Array(1..<22), batch: 4, lastBatch: .keep, augmentation: augmentation, seed: 5, peer: 2,
                workers: workers)
            return try (0..<18).map { step in
                if step == 9 { try sampler.restore(Sampler.State(epoch: 1, position: 4)) }
                var labels = [Int32](repeating: -1, count: sampler.nextCount)
                var images = [Float](repeating: .nan, count: labels.count * dataset.shape.count)
                var imageSpan = images.mutableSpan
                var labelSpan = labels.mutableSpan
                sampler.fill(images: &imageSpan, labels: &labelSpan)
                return images + labels.map(Float.init)
            }
        }
        let alone = try batches(nil)
        #expect(alone.map(\.count).reduce(0, +) > 18 * 768 && !alone.joined().contains { $0.isNaN })
        #expect(try batches(BatchWorkers(threads: 1)) == alone)
        #expect(try batches(BatchWorkers(threads: 3)) == alone)
    }
}
