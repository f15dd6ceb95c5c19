/// An array of NumPy in a file of its own.
struct NPYFormat: FileFormat {
    static let name = "npy"
    static let mostBytes = 512
    static let kind = Mutator.Kind.bytes

    private let images: DataFolder
    private let labels: DataFolder

    init(in folder: String) throws {
        var files: [String: [UInt8]] = [:]
        for part in ["train", "test"] {
            files["x_\(part).npy"] = Self.npy("2, 2, 2", (0..<8).map { $0 })
            files["y_\(part).npy"] = Self.npy("2,", [0, 1])
        }
        images = try DataFolder(of: "arrays", in: "\(folder)/images", files)
        labels = try DataFolder(of: "arrays", in: "\(folder)/labels", files)
    }

    func read(_ bytes: [UInt8]) throws {
        // A single extent has a comma behind it: labels.
        if bytes.firstRange(of: Array(",)".utf8)) != nil {
            try labels.read(bytes, as: "y_train.npy")
        } else {
            try images.read(bytes, as: "x_train.npy")
        }
    }

    private static func npy(_ shape: String, _ values: [UInt8]) -> [UInt8] {
        let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape)), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + values
    }
}
