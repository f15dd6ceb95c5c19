import Vectors

// How the numbers of payloads become bytes, and bytes numbers.
extension PayloadEncoding {
    /// Adds so many numbers as they travel.
    func append(_ payload: Payload, from start: Int, count: Int, to bytes: inout [UInt8]) {
        switch self {
        case .none: break
        case .fp32:
            let size = MemoryLayout<Float>.size
            bytes.append(contentsOf: payload.bytes[start * size..<(start + count) * size])
        case .bf16:
            payload.read { numbers in
                for index in start..<start + count {
                    let half = Self.half(numbers[index])
                    bytes.append(UInt8(truncatingIfNeeded: half))
                    bytes.append(UInt8(truncatingIfNeeded: half >> 8))
                }
            }
        }
    }

    /// Writes what came to where it belongs, behind so many bytes as they travel. False where a number is cut in two.
    func store(_ bytes: [UInt8], behind count: Int, in payload: Payload) -> Bool {
        switch self {
        case .none: return false
        case .fp32:
            payload.bytes[count..<count + bytes.count].copyBytes(from: bytes)
            return true
        case .bf16:
            guard bytes.count.isMultiple(of: 2) else { return false }
            var words = [UInt8](repeating: 0, count: 2 * bytes.count)
            for index in stride(from: 0, to: bytes.count, by: 2) {
                words[2 * index + 2] = bytes[index]
                words[2 * index + 3] = bytes[index + 1]
            }
            payload.bytes[2 * count..<2 * count + words.count].copyBytes(from: words)
            return true
        }
    }

    /// The higher half of a number, rounded to nearest, ties to even; NaN stays one.
    static func half(_ number: Float) -> UInt16 {
        let bits = number.bitPattern
        if number.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits + 0x7fff + (bits >> 16 & 1)) >> 16)
    }
}

extension Payload {
    /// Whether some of the numbers are all finite.
    func isFinite(in range: Range<Int>) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "numbers \(range) of \(count)")
        defer { withExtendedLifetime(self) {} }
        let (bytes, exponent) = (bytes, UInt32(0x7f80_0000))
        // Exponents of all ones; or-ing them up, with no look at the bounds in between, lets the compiler use whole
        // registers.
        var found: UInt32 = 0
        for index in range {
            let bits = bytes.load(fromByteOffset: index &* MemoryLayout<Float>.size, as: UInt32.self)
            found |= bits & exponent == exponent ? 1 : 0
        }
        return found == 0
    }
}
