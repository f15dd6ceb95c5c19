/// Reads what `[UInt8].write` wrote, from bytes that may be anybody's.
struct StateReader {
    private let bytes: [UInt8]
    private var place = 0

    /// Nothing that was written by this build ends early or says what it cannot mean.
    static let malformed = BridgeError(
        .state, "the bytes are no state of a peer, or not all of it; give what murmur_peer_take_state gave")

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether nothing is left.
    var isAtEnd: Bool { place == bytes.count }

    mutating func byte() throws(BridgeError) -> UInt8 { try take(1)[0] }

    mutating func word() throws(BridgeError) -> UInt64 {
        try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// How many things follow, each of which has a byte at least.
    mutating func count() throws(BridgeError) -> Int {
        let count = Int(try take(4).reversed().reduce(0) { $0 << 8 | UInt64($1) })
        guard count <= bytes.count - place else { throw Self.malformed }
        return count
    }

    mutating func text() throws(BridgeError) -> String {
        let length = try count()
        return String(decoding: try take(length)[...], as: UTF8.self)
    }

    /// Float32 numbers with their count before them.
    mutating func floats() throws(BridgeError) -> [Float] {
        let count = Int(truncatingIfNeeded: try word())
        guard count >= 0, count <= (bytes.count - place) / 4 else { throw Self.malformed }
        let taken = try take(4 * count)
        return (0..<count).map { index in
            let first = taken.startIndex + 4 * index
            let bits =
                UInt32(taken[first]) | UInt32(taken[first + 1]) << 8 | UInt32(taken[first + 2]) << 16
                | UInt32(taken[first + 3]) << 24
            return Float(bitPattern: bits)
        }
    }

    /// Words of 64 bits with their count before them.
    mutating func words() throws(BridgeError) -> [UInt64] {
        let count = Int(truncatingIfNeeded: try word())
        guard count >= 0, count <= (bytes.count - place) / 8 else { throw Self.malformed }
        var words: [UInt64] = []
        for _ in 0..<count { words.append(try word()) }
        return words
    }

    private mutating func take(_ count: Int) throws(BridgeError) -> [UInt8] {
        guard count <= bytes.count - place else { throw Self.malformed }
        defer { place += count }
        return Array(bytes[place..<(place + count)])
    }
}

/// What `StateReader` reads.
extension [UInt8] {
    mutating func write(_ number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    mutating func write(text: String) {
        write(UInt32(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    mutating func write(floats: [Float]) {
        write(UInt64(floats.count))
        reserveCapacity(count + 4 * floats.count)
        for number in floats { write(number.bitPattern) }
    }

    mutating func write(words: [UInt64]) {
        write(UInt64(words.count))
        for word in words { write(word) }
    }
}
