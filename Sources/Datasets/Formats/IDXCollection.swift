import Configuration

/// A data set of four IDX files in one folder, named as MNIST's are.
struct IDXCollection: Sendable {
    let name: String
    let summary: String
    let classes: [String]
    let normalization: Normalization
    /// What to do where there is none.
    let remedyForMissing: String
    /// What to do where a file is damaged.
    let remedyForDamaged: String

    static let fashionMNIST = IDXCollection(
        name: "fashion-mnist",
        summary: "Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): clothes in 28 x 28 grey pixels, 60000 and 10000",
        classes: [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ],
        normalization: Normalization(mean: [0.2860], deviation: [0.3530]),
        remedyForMissing: "get it by: apt-get install dataset-fashion-mnist",
        remedyForDamaged: "get it again by: apt-get install --reinstall dataset-fashion-mnist")

    static let mnist = IDXCollection(
        name: "mnist",
        summary: "MNIST (LeCun, Cortes and Burges, 1998): digits in 28 x 28 grey pixels, 60000 and 10000",
        classes: (0...9).map(String.init), normalization: Normalization(mean: [0.1307], deviation: [0.3081]),
        remedyForMissing: "put its four files (\(files.joined(separator: ", "))) into ~/.cache/murmur/mnist, "
            + "or name their folder by data.path",
        remedyForDamaged: "replace the file by a whole copy")

    static let files = [
        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]

    var entry: RegistryEntry<DataSources.Open> {
        RegistryEntry(name, summary) { try open(path: $0.path, places: $1) }
    }

    /// Finds the four files in the first folder that has them all, itself or where torchvision puts them within it, and
    /// reads their labels.
    ///
    /// A folder that is named by `path` may hold other data in the same form, of other classes: those of EMNIST, say.
    func open(path: String?, places: DataPlaces) throws(DataError) -> UnreadDataset {
        let (folder, files) = try find(in: places.folders(for: name, path: path))
        let train = try samples(images: files[0], labels: files[1], isNamedSet: path == nil)
        let test = try samples(images: files[2], labels: files[3], isNamedSet: path == nil)
        guard train.shape == test.shape else {
            throw malformed(files[2], "has images of \(test.shape), but the training images are \(train.shape)")
        }
        let classCount = 1 + Int(max(train.labels.max() ?? 0, test.labels.max() ?? 0))
        let classes = classCount > classes.count ? (0..<classCount).map { "class \($0)" } : classes
        return UnreadDataset(
            name: name, folder: folder, classes: classes, normalization: normalization, train: train, test: test)
    }

    private func find(in folders: [String]) throws(DataError) -> (folder: String, files: [String]) {
        var looked: [String] = []
        for folder in folders {
            guard WholeFile.isDirectory(folder) else {
                looked.append("\(folder) (no such folder)")
                continue
            }
            for inner in Self.innerFolders.map({ folder + $0 }) {
                let found = Self.files.map { Self.file($0, in: inner) }
                if !found.contains(nil) { return (inner, found.compactMap { $0 }) }
            }
            let lacking = Self.files.filter { Self.file($0, in: folder) == nil }
            looked.append("\(folder) (without \(lacking.joined(separator: ", ")))")
        }
        throw DataError(
            .missing, name, "not found; looked in " + looked.joined(separator: ", "), remedy: remedyForMissing)
    }

    /// Where torchvision puts the files.
    private static let innerFolders = ["", "/raw", "/MNIST/raw", "/FashionMNIST/raw", "/EMNIST/raw"]

    /// The path of a file under one of the names that it goes by: packed or not, with the point that some unpackers put
    /// before `idx`, or behind the name of EMNIST's split (`emnist-balanced-train-images-idx3-ubyte`), of which there
    /// must be one.
    private static func file(_ name: String, in folder: String) -> String? {
        let packed = [name, name.replacing("-idx", with: ".idx")]
        // A file that has been unpacked is read the faster.
        let names = packed.map { String($0.dropLast(3)) } + packed
        if let found = names.map({ "\(folder)/\($0)" }).first(where: WholeFile.exists) { return found }
        let ending = "-" + name.replacing("t10k", with: "test").dropLast(3)
        let splits = FolderListing.names(in: folder).filter {
            $0.hasPrefix("emnist-") && ($0.hasSuffix(ending) || $0.hasSuffix(ending + ".gz"))
        }
        return splits.count == 1 ? "\(folder)/\(splits[0])" : nil
    }

    private func samples(
        images: String, labels: String, isNamedSet: Bool
    ) throws(DataError) -> UnreadSamples {
        let pixels = try IDXImages(images, remedy: remedyForDamaged)
        let classOf = try IDX.read(labels, dimensions: 1, remedy: remedyForDamaged)
        guard pixels.count > 0, pixels.shape.count > 0 else {
            throw malformed(images, "holds no images: \(pixels.count) x \(pixels.shape.height) x \(pixels.shape.width)")
        }
        guard classOf.values.count == pixels.count else {
            throw malformed(
                labels, "holds \(classOf.values.count) labels for the \(pixels.count) images of \(images)")
        }
        if isNamedSet, let index = classOf.values.firstIndex(where: { $0 >= classes.count }) {
            throw malformed(
                labels,
                "holds the label \(classOf.values[index]) at index \(index), "
                    + "where labels are 0 to \(classes.count - 1)")
        }
        return UnreadSamples(shape: pixels.shape, labels: classOf.values.map(Int32.init), source: pixels.source)
    }

    private func malformed(_ file: String, _ problem: String) -> DataError {
        DataError(.malformed, file, problem, remedy: remedyForDamaged)
    }
}
