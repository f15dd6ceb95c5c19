/// NumPy's arrays in an archive.
struct NPZFormat: FileFormat {
    static let name = "npz"
    static let mostBytes = 2048
    static let kind = Mutator.Kind.bytes

    private static let file = "data.npz"
    private let arrays: DataFolder

    init(in folder: String) throws { arrays = try DataFolder(of: "arrays", in: folder, file: Self.file) }

    func read(_ bytes: [UInt8]) throws { try arrays.read(bytes, as: Self.file) }
}
