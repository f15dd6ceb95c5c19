internal import Foundation

/// A named array of numbers, row-major, its bytes little-endian as the format stores them.
public struct Tensor: Sendable, Hashable {
    /// Unique within its file.
    public let name: String
    /// What its numbers are.
    public let type: ElementType
    /// Sizes of the dimensions, the slowest first; empty for a single number.
    public let shape: [Int]
    /// The bytes; of a tensor of a long file they are read when they are asked for.
    private let data: Data

    /// A copy of the numbers' bytes.
    public var bytes: [UInt8] { [UInt8](data) }
    /// How many bytes the numbers take up.
    public var byteCount: Int { data.count }

    /// How many numbers the tensor has.
    public var count: Int { shape.reduce(1, *) }

    /// A tensor of these bytes, of which there must be exactly as many as type and shape demand.
    public init(name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
        self.init(name: name, type: type, shape: shape, data: Data(bytes))
        precondition(
            type.byteCount.map { bytes.count == count * $0 } ?? true,
            "tensor \(name) of \(type.rawValue) and shape \(shape) cannot have \(bytes.count) bytes")
    }

    /// A tensor of a file, whose header was checked.
    init(name: String, type: ElementType, shape: [Int], data: Data) {
        self.name = name
        self.type = type
        self.shape = shape
        self.data = data
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

    /// The numbers as float32, rounded where they are finer; nil when they are not floating-point.
    public var roundedFloats: [Float]? {
        switch type.rawValue {
        case "F32": floats
        case "F64": words(UInt64.self).map { Float(Double(bitPattern: $0)) }
        case "F16": words(UInt16.self).map { Float(Float16(bitPattern: $0)) }
        case "BF16": words(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
        default: nil
        }
    }

    /// The numbers; nil when they are not integers.
    public var integers: [Int]? {
        switch type {
        case .int64: words(UInt64.self).map { Int(Int64(bitPattern: $0)) }
        case .int32: words(UInt32.self).map { Int(Int32(bitPattern: $0)) }
        case .uint8: bytes.map(Int.init)
        default: nil
        }
    }

    private func words<Word: FixedWidthInteger>(_: Word.Type) -> [Word] {
        let size = Word.bitWidth / 8
        let bytes = bytes
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
