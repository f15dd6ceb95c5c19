import Configuration
import Randomness

/// Photos in JPEG or PNG files, of any size and number: in folders of the classes, or in tar archives.
struct ImageFolder: Sendable {
    /// What becomes of a picture that cannot be decoded.
    enum Corrupt: String, CaseIterable, Sendable { case refuse, skip }

    static let imageSize = Option.integer(
        "image_size", default: 224, in: 8...1024, "Height and width in pixels to which pictures are brought")
    static let resize = Option.optionalInteger(
        "resize", in: 8...2048,
        "Pixels of the shorter side before the middle is cut out (usual: 256 for 224); null: image_size")
    static let corrupt = Option.choice(
        "corrupt", default: Corrupt.refuse,
        "Whether a damaged picture ends the run when it comes up, or all are read first and damaged ones left out")
    static let testFraction = Option.number(
        "test_fraction", default: 0, in: 0...0.9,
        "Part of the pictures that is set apart for testing where there is no folder for them")

    static let name = "image-folder"
    static let entry = RegistryEntry<DataSources.Open>(
        name, "JPEG and PNG photos in folders train/CLASS and test/CLASS or in tar archives, decoded when needed",
        options: [imageSize.description, resize.description, corrupt.description, testFraction.description]
    ) { request, places in
        let folders = places.folders(for: name, path: request.path)
        guard let root = folders.first(where: WholeFile.exists) else {
            throw DataError(
                .missing, name,
                "not found; looked in " + folders.map { "\($0) (no such folder)" }.joined(separator: ", "),
                remedy: PictureIndex.remedyForMissing)
        }
        return try ImageFolder(request.options).open(root, seed: request.seed)
    }

    /// Of ImageNet's training images, channel by channel, as they are published with its models.
    private static let normalization = Normalization(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

    private let size: Int
    private let shorterSide: Int
    private let corrupt: Corrupt
    private let testFraction: Double

    init(_ options: Options) throws(ConfigurationError) {
        size = try options.value(Self.imageSize)
        shorterSide = try options.value(Self.resize) ?? size
        corrupt = try options.value(Self.corrupt)
        testFraction = try options.value(Self.testFraction)
        guard shorterSide >= size else {
            throw ConfigurationError(
                key: "resize", "\(shorterSide) is less than the \(size) pixels of image_size, which are cut out of it")
        }
    }

    func open(_ root: String, seed: UInt64) throws -> UnreadDataset {
        let index = try PictureIndex(root)
        guard !index.train.places.isEmpty else {
            throw DataError(
                .malformed, root, "holds no JPEG or PNG file to learn from", remedy: PictureIndex.remedyForMissing)
        }
        try Self.refuseMissingCodecs((index.train.places + index.test.places).map(\.name))
        let labels = try PictureLabels(index)
        var train = samples(index, index.train, labels.train)
        var test = samples(index, index.test, labels.test)
        if index.test.places.isEmpty { (train, test) = try split(train, root, seed: seed) }
        if corrupt == .skip { (train, test) = (train.withoutDamaged(), test.withoutDamaged()) }
        for (samples, use) in [(train, "learn from"), (test, "test on")] where samples.count == 0 {
            throw DataError(
                .malformed, root, "holds no picture to \(use) that can be decoded",
                remedy: PictureIndex.remedyForMissing)
        }
        return UnreadDataset(
            name: Self.name, folder: root, classes: labels.classes, normalization: Self.normalization, train: train,
            test: test)
    }

    private func samples(_ index: PictureIndex, _ part: PictureIndex.Part, _ labels: [Int32]) -> UnreadSamples {
        let files = PictureFiles(root: index.root, archives: index.archives, places: part.places)
        let shape = ImageShape(channels: 3, height: size, width: size)
        return UnreadSamples(
            shape: shape, labels: labels, source: Photos(files: files, shape: shape, shorterSide: shorterSide))
    }

    /// Sets pictures apart for testing, by the seed.
    private func split(
        _ all: UnreadSamples, _ root: String, seed: UInt64
    ) throws(DataError) -> (train: UnreadSamples, test: UnreadSamples) {
        let count = Int((testFraction * Double(all.count)).rounded())
        guard count > 0, count < all.count else {
            throw DataError(
                .malformed, root, "has nothing to test on: no folder test or val beside train",
                remedy: "add one, or set a part of the \(all.count) pictures apart by data.test_fraction=0.1")
        }
        var stream = RandomStream(seed: seed, purpose: .partition, peer: -1, round: 2)
        let order = stream.permutation(of: all.count)
        return (all.selecting(order.dropFirst(count).sorted()), all.selecting(order.prefix(count).sorted()))
    }

    private static func refuseMissingCodecs(_ names: [String]) throws(DataError) {
        let isPNG = { (name: String) in PictureIndex.hasEnding(name, of: ["png"]) }
        if let missing = ImageCodecs.jpegMissing, let file = names.first(where: { !isPNG($0) }) {
            throw DataError(.missing, file, "cannot be read, since \(missing)", remedy: ImageCodecs.jpegRemedy)
        }
        if let missing = ImageCodecs.pngMissing, let file = names.first(where: isPNG) {
            throw DataError(.missing, file, "cannot be read, since \(missing)", remedy: ImageCodecs.pngRemedy)
        }
    }
}
