import Configuration

/// CIFAR-10 (Krizhevsky, 2009) in its binary form: six files of records, each a byte for the class and 3072 for the
/// pixels, red, green and blue plane by plane, row by row.
enum CIFAR10 {
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

    static let entry = RegistryEntry<DataSources.Open>(name, summary) { try open(path: $0.path, places: $1) }

    private static let recordBytes = 1 + shape.count
    private static let remedyForMissing =
        "unpack the binary version of CIFAR-10 into ~/.cache/murmur/cifar10, make it from images by "
        + "script/cifar10-from-images, or name the folder of its six files by data.path"
    private static let remedyForDamaged = "replace the file by a whole copy"

    /// Finds the six files in the first folder that has them all, itself or in the folder of the published archive, and
    /// reads their labels. A file may hold any number of records.
    static func open(path: String?, places: DataPlaces) throws(DataError) -> UnreadDataset {
        let folder = try find(in: places.folders(for: Self.name, path: path))
        let train = try samples(trainFiles.map { "\(folder)/\($0)" })
        let test = try samples(["\(folder)/\(testFile)"])
        return UnreadDataset(
            name: name, folder: folder, classes: classes, normalization: normalization, train: train, test: test)
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

    private static func samples(_ files: [String]) throws(DataError) -> UnreadSamples {
        var labels: [Int32] = []
        var recordsPerFile: [Int] = []
        for path in files {
            let file = try DataFile(path, remedy: remedyForDamaged)
            let (records, rest) = file.byteCount.quotientAndRemainder(dividingBy: recordBytes)
            guard records > 0, rest == 0 else {
                throw malformed(path, "has \(file.byteCount) bytes, which make no whole records of \(recordBytes)")
            }
            let found = try file.bytes(at: (0..<records).map { ($0 * recordBytes)..<($0 * recordBytes + 1) })
            if let record = found.firstIndex(where: { $0 >= classes.count }) {
                throw malformed(
                    path, "holds the label \(found[record]) in record \(record), where labels are 0 to 9")
            }
            labels += found.map(Int32.init)
            recordsPerFile.append(records)
        }
        return UnreadSamples(
            shape: shape, labels: labels,
            source: RecordFiles(
                paths: files, recordsPerFile: recordsPerFile, skipped: 1, imageBytes: shape.count,
                remedy: remedyForDamaged))
    }

    private static func malformed(_ file: String, _ problem: String) -> DataError {
        DataError(.malformed, file, problem, remedy: remedyForDamaged)
    }
}
