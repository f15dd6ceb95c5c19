/// Puts numbers and texts behind each other as `ByteReader` takes them.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    /// A number, its lowest byte first.
    mutating func put<Word: FixedWidthInteger & UnsignedInteger>(_ word: Word) {
        for shift in stride(from: 0, to: Word.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: word >> Word(shift)))
        }
    }

    mutating func put(_ more: [UInt8]) { bytes += more }

    /// Bytes behind their count in 16 bits.
    mutating func putCounted(_ more: [UInt8]) {
        precondition(more.count <= Int(UInt16.max), "\(more.count) bytes are too many for an item")
        put(UInt16(more.count))
        put(more)
    }
}
