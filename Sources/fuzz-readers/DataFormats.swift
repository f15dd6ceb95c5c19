import CDeflate
import Datasets
import Training

/// Reads the data set in a folder as `train` does before its first step.
private func read(_ name: String, in folder: String) throws {
    let loaded = try loaded(["data.name=\(name)", "data.path=\(folder)", "model.name=softmax", "peers=1", "batch=1"])
    _ = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
}

/// Images and labels of the MNIST family.
private enum IDX {
    static let names = [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"), ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
    ]

    static func images(_ count: UInt8) -> [UInt8] {
        [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]
            + (0..<Int(count) * 784).map { UInt8(truncatingIfNeeded: $0) }
    }

    static func labels(_ count: UInt8) -> [UInt8] { [0, 0, 8, 1, 0, 0, 0, count] + (0..<count).map { $0 % 10 } }
}

struct IDXFormat: FuzzFormat {
    static let name = "idx"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        for (images, labels) in IDX.names {
            try files.add(images, IDX.images(12), .bytes)
            try files.add(labels, IDX.labels(12), .bytes)
        }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try read("mnist", in: files.folder)
    }
}

struct GzipFormat: FuzzFormat {
    static let name = "gzip"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        for (images, labels) in IDX.names {
            try files.add(images + ".gz", Self.packed(IDX.images(12)), .bytes)
            try files.add(labels + ".gz", Self.packed(IDX.labels(12)), .bytes)
        }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try read("mnist", in: files.folder)
    }

    /// A member of one stored block (RFC 1951, section 3.2.4; RFC 1952).
    private static func packed(_ bytes: [UInt8]) -> [UInt8] {
        func little(_ word: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
        }
        let length = UInt32(bytes.count)
        return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1] + little(length, 2) + little(~length, 2) + bytes
            + little(libdeflate_crc32(0, bytes, bytes.count), 4) + little(length, 4)
    }
}

struct CIFARFormat: FuzzFormat {
    static let name = "cifar"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
            let records = (0..<4).flatMap { label in
                [UInt8(label)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0) }
            }
            try files.add(name, records, .bytes)
        }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try read("cifar10", in: files.folder)
    }
}
