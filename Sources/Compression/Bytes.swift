// Words within bytes, lowest byte first.

extension [UInt8] {
    mutating func store(_ number: Float, at offset: Int) {
        let pattern = number.bitPattern
        for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: pattern >> (8 * UInt32(index))) }
    }

    func float(at offset: Int) -> Float {
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << (8 * UInt32($1)) })
    }

    mutating func store(_ word: UInt64, at offset: Int) {
        for index in 0..<8 { self[offset + index] = UInt8(truncatingIfNeeded: word >> (8 * UInt64(index))) }
    }

    func word(at offset: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(self[offset + $1]) << (8 * UInt64($1)) }
    }
}

extension MutableSpan<Float> {
    /// Makes all numbers 0.
    mutating func clear() {
        for index in indices { self[index] = 0 }
    }
}
