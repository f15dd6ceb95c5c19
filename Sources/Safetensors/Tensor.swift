/// What the numbers of a tensor are. Names as the format writes them, in the order in which the reference writer puts
/// the tensors of a file: wide types first.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
    case int64 = "I64"
    case float32 = "F32"
    case int32 = "I32"
    case uint8 = "U8"

    public var byteCount: Int {
        switch self {
        case .int64: 8
        case .float32, .int32: 4
        case .uint8: 1
        }
    }
}

/// A named array of numbers, row-major, its bytes little-endian as the format stores them.
public struct Tensor: Sendable, Hashable {
    public let name: String
    public let type: ElementType
    public let shape: [Int]
    public let bytes: [UInt8]

    /// How many numbers the tensor has.
    public var count: Int { shape.reduce(1, *) }

    /// A tensor of these bytes, of which there must be exactly as many as type and shape demand.
    public init(name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
        self.name = name
        self.type = type
        self.shape = shape
        self.bytes = bytes
        precondition(
            bytes.count == count * type.byteCount,
            "tensor \(name) of \(type) and shape \(shape) cannot have \(bytes.count) bytes")
    }

    /// A tensor of float32 numbers.
    public init(name: String, shape: [Int], floats: some Collection<Float>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(floats.count * 4)
        for number in floats { bytes.appendLittleEndian(number.bitPattern) }
        self.init(name: name, type: .float32, shape: shape, bytes: bytes)
    }

    /// A tensor of words of 64 bits.
    public init(name: String, shape: [Int], words: [UInt64]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.count * 8)
        for word in words { bytes.appendLittleEndian(word) }
        self.init(name: name, type: .int64, shape: shape, bytes: bytes)
    }

    /// The numbers; nil when they are not float32.
    public var floats: [Float]? {
        guard type == .float32 else { return nil }
        return words(UInt32.self).map(Float.init(bitPattern:))
    }

    /// The numbers; nil when they are not integers.
    public var integers: [Int]? {
        switch type {
        case .float32: nil
        case .int64: words(UInt64.self).map { Int(Int64(bitPattern: $0)) }
        case .int32: words(UInt32.self).map { Int(Int32(bitPattern: $0)) }
        case .uint8: bytes.map(Int.init)
        }
    }

    private func words<Word: FixedWidthInteger>(_: Word.Type) -> [Word] {
        let size = Word.bitWidth / 8
        return (0..<count).map { index in
            bytes.littleEndian(Word.self, at: index * size)
        }
    }
}

extension [UInt8] {
    mutating func appendLittleEndian<Word: FixedWidthInteger>(_ word: Word) {
        for shift in stride(from: 0, to: Word.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: word >> Word(shift)))
        }
    }

    /// The word whose bytes begin at `offset`.
    func littleEndian<Word: FixedWidthInteger>(_: Word.Type, at offset: Int) -> Word {
        var word: Word = 0
        for place in 0..<(Word.bitWidth / 8) {
            word |= Word(truncatingIfNeeded: self[offset + place]) << Word(8 * place)
        }
        return word
    }
}
