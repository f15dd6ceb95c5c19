/// The bytes of a Protocol Buffers message, field by field.
struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    /// How the value of a field lies in the bytes.
    private enum WireType: UInt64 {
        case varint = 0
        case eightBytes = 1
        case length = 2
        case fourBytes = 5
    }

    mutating func add(_ field: UInt64, double: Double) {
        key(field, .eightBytes)
        bytes += Self.littleEndian(double.bitPattern)
    }

    mutating func add(_ field: UInt64, float: Float) {
        key(field, .fourBytes)
        bytes += Self.littleEndian(float.bitPattern)
    }

    mutating func add(_ field: UInt64, integer: Int) {
        key(field, .varint)
        varint(UInt64(bitPattern: Int64(integer)))
    }

    mutating func add(_ field: UInt64, text: String) { add(field, Array(text.utf8)) }

    mutating func add(_ field: UInt64, message: ProtobufMessage) { add(field, message.bytes) }

    private mutating func add(_ field: UInt64, _ content: [UInt8]) {
        key(field, .length)
        varint(UInt64(content.count))
        bytes += content
    }

    private mutating func key(_ field: UInt64, _ type: WireType) { varint(field << 3 | type.rawValue) }

    /// Seven bits a byte, the lowest first; the eighth says that there are more.
    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The bytes of a number, the lowest first.
    static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
