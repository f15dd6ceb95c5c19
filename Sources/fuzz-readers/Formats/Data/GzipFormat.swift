import CDeflate
import Datasets
import Training

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
