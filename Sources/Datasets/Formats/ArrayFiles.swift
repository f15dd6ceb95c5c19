import Configuration

/// Images and labels in NumPy's files: a .npz archive, or a folder of .npy files, of four arrays.
enum ArrayFiles {
    static let name = "arrays"
    static let entry = RegistryEntry<DataSources.Open>(
        name, "NumPy's arrays x_train, y_train, x_test and y_test: a .npz file, or a folder of .npy files"
    ) { request, places in
        try open(path: request.path, places: places)
    }

    private static let remedyForMissing =
        "name by data.path a .npz file of the arrays x_train, y_train, x_test and y_test (or train_images, "
        + "train_labels, test_images, test_labels), or a folder of .npy files of these names"
    private static let remedyForDamaged = "save it again by numpy.savez or numpy.save, as uint8 images and whole labels"

    /// The names that go by for images and labels, of training and of testing.
    private static let names = [
        [["x_train", "train_images"], ["y_train", "train_labels"]],
        [["x_test", "test_images"], ["y_test", "test_labels"]],
    ]

    /// An array in its file or archive.
    private struct Numbers {
        let array: NPY
        let store: ByteStore
        /// Where the first number stands.
        let start: Int
    }

    static func open(path: String?, places: DataPlaces) throws(DataError) -> UnreadDataset {
        let folders = places.folders(for: name, path: path)
        guard let root = folders.first(where: WholeFile.exists) else {
            throw DataError(
                .missing, name,
                "not found; looked in " + folders.map { "\($0) (no such folder)" }.joined(separator: ", "),
                remedy: remedyForMissing)
        }
        let train = try samples(root, names[0])
        let test = try samples(root, names[1])
        guard train.shape == test.shape else {
            throw DataError(
                .malformed, root, "has training images of \(train.shape), but test images of \(test.shape)",
                remedy: remedyForDamaged)
        }
        let classes = 1 + Int(max(train.labels.max() ?? 0, test.labels.max() ?? 0))
        let channels = train.shape.channels
        // What is measured takes its place: arrays have no published mean.
        return UnreadDataset(
            name: name, folder: root, classes: (0..<classes).map { "class \($0)" },
            normalization: .none(channels: channels), train: train, test: test)
    }

    private static func samples(_ root: String, _ names: [[String]]) throws(DataError) -> UnreadSamples {
        let (images, labels) = (try find(names[0], in: root), try find(names[1], in: root))
        guard images.array.element == .uint8, let (shape, isInterleaved) = imageShape(images.array.shape) else {
            let size = images.array.shape.map(String.init).joined(separator: " x ")
            throw images.store.malformed(
                "holds \(size) numbers of the type '\(images.array.element.rawValue)', where uint8 images are "
                    + "expected: count x height x width, with 1 or 3 channels behind or before the height")
        }
        let count = images.array.shape[0]
        guard count > 0, labels.array.shape.first == count, labels.array.shape.dropFirst().allSatisfy({ $0 == 1 })
        else {
            let size = labels.array.shape.map(String.init).joined(separator: " x ")
            throw labels.store.malformed("holds \(size) labels for \(count) images of \(images.store.path)")
        }
        let end = labels.start + count * labels.array.element.byteCount
        let numbers = labels.array.integers(try labels.store.bytes(at: labels.start..<end)[...])
        if let index = numbers.firstIndex(where: { !(0..<(1 << 20)).contains($0) }) {
            throw labels.store.malformed(
                "holds the label \(numbers[index]) at index \(index), where classes begin at 0")
        }
        return UnreadSamples(
            shape: shape, labels: numbers.map { Int32($0) },
            source: ArrayPixels(
                store: images.store, start: images.start, shape: shape, isInterleaved: isInterleaved))
    }

    /// The shape of one image, and whether its colours stand beside each other; nil where the array holds no images.
    private static func imageShape(_ extents: [Int]) -> (ImageShape, isInterleaved: Bool)? {
        guard extents.dropFirst().allSatisfy({ (1...8192).contains($0) }) else { return nil }
        switch extents.count {
        case 3: return (ImageShape(channels: 1, height: extents[1], width: extents[2]), false)
        case 4 where [1, 3].contains(extents[3]):
            return (ImageShape(channels: extents[3], height: extents[1], width: extents[2]), true)
        case 4 where [1, 3].contains(extents[1]):
            return (ImageShape(channels: extents[1], height: extents[2], width: extents[3]), false)
        default: return nil
        }
    }

    private static func find(_ names: [String], in root: String) throws(DataError) -> Numbers {
        if WholeFile.isDirectory(root) {
            let paths = names.map { "\(root)/\($0).npy" }
            guard let path = paths.first(where: WholeFile.exists) else { throw missing(names, root) }
            let store = try ByteStore(path, remedy: remedyForDamaged, keepsOpen: true)
            return try numbers(store, 0..<store.count)
        }
        let archive = try ByteStore(root, remedy: remedyForDamaged, keepsOpen: true)
        let members = try Zip.members(of: archive)
        guard let member = members.first(where: { names.contains(String($0.name.dropLast(4))) }) else {
            throw missing(names, root)
        }
        let (store, range) = try Zip.open(member, in: archive)
        return try numbers(store, range)
    }

    private static func numbers(_ store: ByteStore, _ range: Range<Int>) throws(DataError) -> Numbers {
        let first = try store.bytes(at: range.prefix(NPY.mostHeader))
        do throws(NPY.Problem) {
            let array = try NPY(header: first, byteCount: range.count)
            return Numbers(array: array, store: store, start: range.lowerBound + array.start)
        } catch {
            throw store.malformed(error.sentence)
        }
    }

    private static func missing(_ names: [String], _ root: String) -> DataError {
        DataError(.missing, root, "has no array \(names.joined(separator: " or "))", remedy: remedyForMissing)
    }
}
