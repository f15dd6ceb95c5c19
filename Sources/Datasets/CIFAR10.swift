/// CIFAR-10 (Krizhevsky, 2009) in its binary form: six files of records, each a byte for the class and 3072 for the
/// pixels, red, green and blue plane by plane, row by row.
struct CIFAR10: Sendable {
    static let name = "cifar10"
    static let summary =
        "CIFAR-10 (Krizhevsky, 2009): ten kinds of things in 32 x 32 colour pixels, 50000 and 10000"
    static let classes = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]
    static let trainFiles = (1...5).map { "data_batch_\($0).bin" }
    static let testFile = "test_batch.bin"
    /// The folder in which the published archive holds the files.
    static let innerFolder = "cifar-10-batches-bin"
    static let shape = ImageShape(channels: 3, height: 32, width: 32)
    /// Of the training images, channel by channel.
    static let normalization = Normalization(mean: [0.4914, 0.4822, 0.4465], deviation: [0.2470, 0.2435, 0.2616])

    /// Records in each file.
    var recordsPerFile = 10_000

    private static let recordBytes = 1 + shape.count
    private static let remedyForMissing =
        "unpack the binary version of CIFAR-10 into ~/.cache/murmur/cifar10, make it from images by "
        + "script/cifar10-from-images, or name the folder of its six files by data.path"
    private static let remedyForDamaged = "replace the file by a whole copy"

    /// Reads the six files from the first folder that has them all, itself or in the folder of the published archive.
    func load(path: String?, places: DataPlaces) throws(DataError) -> Dataset {
        let folder = try Self.find(in: places.folders(for: Self.name, path: path))
        let train = try samples(Self.trainFiles.map { "\(folder)/\($0)" })
        let test = try samples(["\(folder)/\(Self.testFile)"])
        return Dataset(
            name: Self.name, folder: folder, classes: Self.classes, normalization: Self.normalization, train: train,
            test: test)
    }

    private static func find(in folders: [String]) throws(DataError) -> String {
        var looked: [String] = []
        for folder in folders {
            guard WholeFile.isDirectory(folder) else {
                looked.append("\(folder) (no such folder)")
                continue
            }
            func lacking(_ folder: String) -> [String] {
                (trainFiles + [testFile]).filter { !WholeFile.exists("\(folder)/\($0)") }
            }
            let choices = ["\(folder)/\(innerFolder)", folder]
            if let whole = choices.first(where: { lacking($0).isEmpty }) { return whole }
            looked.append("\(folder) (without \(lacking(folder).joined(separator: ", ")))")
        }
        throw DataError(
            .missing, name, "not found; looked in " + looked.joined(separator: ", "), remedy: remedyForMissing)
    }

    private func samples(_ files: [String]) throws(DataError) -> ImageSamples {
        var pixels: [UInt8] = []
        var labels: [Int32] = []
        pixels.reserveCapacity(files.count * recordsPerFile * Self.shape.count)
        for file in files {
            let bytes = try WholeFile.bytes(of: file, remedy: Self.remedyForDamaged)
            guard bytes.count == recordsPerFile * Self.recordBytes else {
                throw Self.malformed(
                    file,
                    "has \(bytes.count) bytes, where \(recordsPerFile) records of \(Self.recordBytes) bytes make "
                        + "\(recordsPerFile * Self.recordBytes)")
            }
            for (index, start) in stride(from: 0, to: bytes.count, by: Self.recordBytes).enumerated() {
                let label = Int(bytes[start])
                guard label < Self.classes.count else {
                    throw Self.malformed(
                        file, "holds the label \(label) in record \(index), where labels are 0 to 9")
                }
                labels.append(Int32(label))
                pixels += bytes[(start + 1)..<(start + Self.recordBytes)]
            }
        }
        return ImageSamples(shape: Self.shape, pixels: pixels, labels: labels)
    }

    private static func malformed(_ file: String, _ problem: String) -> DataError {
        DataError(.malformed, file, problem, remedy: remedyForDamaged)
    }
}
