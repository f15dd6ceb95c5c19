/// Records of CIFAR-100, which have two labels.
struct CIFAR100Format: FileFormat {
    static let name = "cifar100"
    static let mostBytes = 3 * 3074
    static let kind = Mutator.Kind.bytes

    private let records: DataFolder

    init(in folder: String) throws {
        records = try DataFolder(of: "cifar100", in: folder, ["test.bin": [UInt8](repeating: 7, count: 3074)])
    }

    func read(_ bytes: [UInt8]) throws { try records.read(bytes, as: "train.bin") }
}
