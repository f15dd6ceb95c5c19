/// Takes bytes from the front of somebody's message, and never more than there are.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }
    var count: Int { rest.count }

    mutating func byte() -> UInt8? { rest.popFirst() }

    /// So many bytes; nil where there are fewer.
    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// A number, its lowest byte first.
    mutating func word<Word: FixedWidthInteger & UnsignedInteger>(_ type: Word.Type) -> Word? {
        bytes(Word.bitWidth / 8)?.reversed().reduce(0) { $0 << 8 | Word($1) }
    }
}
