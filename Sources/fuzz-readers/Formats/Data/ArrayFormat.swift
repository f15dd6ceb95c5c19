import Datasets
import Training

/// NumPy's arrays, each in a file of its own.
struct ArrayFormat: FuzzFormat {
    static let name = "npy"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        for part in ["train", "test"] {
            try files.add(
                "x_\(part).npy", Self.npy("4, 6, 5, 3", (0..<360).map { UInt8(truncatingIfNeeded: $0) }), .bytes)
            try files.add("y_\(part).npy", Self.npy("4,", [0, 1, 2, 1]), .bytes)
        }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try read("arrays", in: files.folder)
    }

    private static func npy(_ shape: String, _ values: [UInt8]) -> [UInt8] {
        let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape)), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + values
    }
}
