import OpenTransport

/// What travels on a link of the open network: items behind each other, which come in pieces.
struct ItemFormat: FileFormat {
    static let name = "item"
    static let mostBytes = 2048
    static let kind = Mutator.Kind.bytes

    init(in folder: String) {}

    func read(_ bytes: [UInt8]) throws {
        var reader = ItemReader(hasGreeted: true)
        var rest = bytes[...]
        while !rest.isEmpty {
            var piece = rest.prefix(61)
            rest = rest.dropFirst(61)
            while let item = try reader.next(from: &piece) { try Self.check(item) }
            precondition(piece.isEmpty, "bytes of an item were left lying")
            precondition(reader.heldByteCount <= 1 << 16, "\(reader.heldByteCount) bytes are held of one item")
        }
    }

    private static func check(_ item: Item) throws {
        var encoded = item.encoded[...]
        var reader = ItemReader(hasGreeted: true)
        let again = try reader.next(from: &encoded)
        precondition(again == item && encoded.isEmpty, "an item is not what it was")
    }
}
