import Configuration

/// A data set in the binary form of CIFAR (Krizhevsky, 2009): files of records, each the bytes of its labels and 3072
/// for the pixels, red, green and blue plane by plane, row by row.
struct CIFARCollection: Sendable {
    let name: String
    let summary: String
    let classes: [String]
    let trainFiles: [String]
    let testFile: String
    /// The folder in which the published archive holds the files.
    let innerFolder: String
    /// Bytes before the pixels; the last of them is the class.
    let labelBytes: Int
    /// Of the training images, channel by channel.
    let normalization: Normalization
    /// How to get the files.
    let remedyForMissing: String

    static let shape = ImageShape(channels: 3, height: 32, width: 32)

    static let cifar10 = CIFARCollection(
        name: "cifar10",
        summary: "CIFAR-10 (Krizhevsky, 2009): ten kinds of things in 32 x 32 colour pixels, 50000 and 10000",
        classes: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        trainFiles: (1...5).map { "data_batch_\($0).bin" }, testFile: "test_batch.bin",
        innerFolder: "cifar-10-batches-bin", labelBytes: 1,
        normalization: Normalization(mean: [0.4914, 0.4822, 0.4465], deviation: [0.2470, 0.2435, 0.2616]),
        remedyForMissing: "unpack the binary version of CIFAR-10 into ~/.cache/murmur/cifar10, make it from images by "
            + "murmur data prepare cifar10 --from FOLDER_OR_TAR, or name the folder of its six files by data.path")

    /// Its records have two labels: one of 20 coarse classes, and one of the 100 fine ones, which is learned.
    static let cifar100 = CIFARCollection(
        name: "cifar100",
        summary: "CIFAR-100 (Krizhevsky, 2009): a hundred kinds of things in 32 x 32 colour pixels, 50000 and 10000",
        classes: CIFAR100Classes.names, trainFiles: ["train.bin"], testFile: "test.bin",
        innerFolder: "cifar-100-binary", labelBytes: 2,
        normalization: Normalization(mean: [0.5071, 0.4865, 0.4409], deviation: [0.2673, 0.2564, 0.2762]),
        remedyForMissing: "unpack the binary version of CIFAR-100 into ~/.cache/murmur/cifar100, or name the folder of "
            + "train.bin and test.bin by data.path")

    var entry: RegistryEntry<DataSources.Open> {
        RegistryEntry(name, summary) { try open(path: $0.path, places: $1) }
    }

    private var recordBytes: Int { labelBytes + Self.shape.count }
    private static let remedyForDamaged = "replace the file by a whole copy"

    /// Finds the files in the first folder that has them all, itself or in the folder of the published archive, and
    /// reads their labels. A file may hold any number of records.
    func open(path: String?, places: DataPlaces) throws(DataError) -> UnreadDataset {
        let folder = try find(in: places.folders(for: name, path: path))
        let train = try samples(trainFiles.map { "\(folder)/\($0)" })
        let test = try samples(["\(folder)/\(testFile)"])
        return UnreadDataset(
            name: name, folder: folder, classes: classes, normalization: normalization, train: train, test: test)
    }

    private func find(in folders: [String]) throws(DataError) -> String {
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

    private func samples(_ files: [String]) throws(DataError) -> UnreadSamples {
        var labels: [Int32] = []
        var opened: [DataFile] = []
        var recordsPerFile: [Int] = []
        for path in files {
            let file = try DataFile(path, limit: .max, remedy: Self.remedyForDamaged)
            let (records, rest) = file.byteCount.quotientAndRemainder(dividingBy: recordBytes)
            guard records > 0, rest == 0 else {
                throw malformed(path, "has \(file.byteCount) bytes, which make no whole records of \(recordBytes)")
            }
            let places = (0..<records).map { $0 * recordBytes + labelBytes - 1 }
            let found = try file.bytes(at: places.map { $0..<($0 + 1) })
            if let record = found.firstIndex(where: { $0 >= classes.count }) {
                throw malformed(
                    path,
                    "holds the label \(found[record]) in record \(record), where labels are 0 to \(classes.count - 1)")
            }
            labels += found.map(Int32.init)
            opened.append(file)
            recordsPerFile.append(records)
        }
        return UnreadSamples(
            shape: Self.shape, labels: labels,
            source: RecordFiles(
                files: opened, recordsPerFile: recordsPerFile, skipped: labelBytes, imageBytes: Self.shape.count))
    }

    private func malformed(_ file: String, _ problem: String) -> DataError {
        DataError(.malformed, file, problem, remedy: Self.remedyForDamaged)
    }
}
