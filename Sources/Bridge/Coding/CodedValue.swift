/// A value that was encoded, as a tree: what stands between `Codable` and bytes. Numbers keep all their bits.
indirect enum CodedValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case natural(UInt64)
    case number(Double)
    case text(String)
    case list([CodedValue])
    case table([Entry])

    /// What stands under a key.
    struct Entry: Sendable, Hashable {
        let key: String
        let value: CodedValue
    }
}

/// The tree as bytes, little-endian: a byte for the kind, counts of 4 bytes, numbers of 8.
extension CodedValue {
    private enum Kind: UInt8 {
        case null, no, yes, integer, natural, number, text, list, table
    }

    /// Deeper trees are none of ours.
    private static let deepest = 64

    /// The bytes from which `init(reading:)` makes the same tree.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(Kind.null.rawValue)
        case .boolean(let flag): bytes.append((flag ? Kind.yes : .no).rawValue)
        case .integer(let integer): Self.write(.integer, UInt64(bitPattern: integer), to: &bytes)
        case .natural(let natural): Self.write(.natural, natural, to: &bytes)
        case .number(let number): Self.write(.number, number.bitPattern, to: &bytes)
        case .text(let text):
            bytes.append(Kind.text.rawValue)
            bytes.write(text: text)
        case .list(let items):
            bytes.append(Kind.list.rawValue)
            bytes.write(UInt32(items.count))
            for item in items { item.write(to: &bytes) }
        case .table(let entries):
            bytes.append(Kind.table.rawValue)
            bytes.write(UInt32(entries.count))
            for entry in entries {
                bytes.write(text: entry.key)
                entry.value.write(to: &bytes)
            }
        }
    }

    private static func write(_ kind: Kind, _ word: UInt64, to bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        bytes.write(word)
    }

    /// Reads the tree that begins here. Throws for bytes that are none, and allocates nothing by what they claim.
    init(reading reader: inout StateReader, depth: Int = 0) throws(BridgeError) {
        guard depth < Self.deepest, let kind = Kind(rawValue: try reader.byte()) else { throw StateReader.malformed }
        switch kind {
        case .null: self = .null
        case .no: self = .boolean(false)
        case .yes: self = .boolean(true)
        case .integer: self = .integer(Int64(bitPattern: try reader.word()))
        case .natural: self = .natural(try reader.word())
        case .number: self = .number(Double(bitPattern: try reader.word()))
        case .text: self = .text(try reader.text())
        case .list:
            var items: [CodedValue] = []
            for _ in 0..<(try reader.count()) { items.append(try CodedValue(reading: &reader, depth: depth + 1)) }
            self = .list(items)
        case .table:
            var entries: [Entry] = []
            for _ in 0..<(try reader.count()) {
                let key = try reader.text()
                entries.append(Entry(key: key, value: try CodedValue(reading: &reader, depth: depth + 1)))
            }
            self = .table(entries)
        }
    }
}
