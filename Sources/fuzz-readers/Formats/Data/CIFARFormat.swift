/// Records of CIFAR-10.
struct CIFARFormat: FileFormat {
    static let name = "cifar"
    static let mostBytes = 3 * 3073
    static let kind = Mutator.Kind.bytes

    private let records: DataFolder

    init(in folder: String) throws {
        let names = (2...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
        let record = [UInt8](repeating: 7, count: 3073)
        records = try DataFolder(
            of: "cifar10", in: folder, [String: [UInt8]](uniqueKeysWithValues: names.map { ($0, record) }))
    }

    func read(_ bytes: [UInt8]) throws { try records.read(bytes, as: "data_batch_1.bin") }
}
