/// What the numbers of a tensor are, by the name that the format gives it. A file may hold tensors of any type; those
/// of four types can be read as numbers.
public struct ElementType: RawRepresentable, Sendable, Hashable {
    /// The `dtype` of the header, such as `F32`.
    public let rawValue: String

    /// Any name may stand here; `byteCount` is nil for those that the format does not know.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Signed integers of 64 bits.
    public static let int64 = ElementType(rawValue: "I64")
    /// Floating-point numbers of 32 bits (IEEE 754).
    public static let float32 = ElementType(rawValue: "F32")
    static let int32 = ElementType(rawValue: "I32")
    static let uint8 = ElementType(rawValue: "U8")

    /// Bytes of a number; nil for types of less than a byte, and for those that are not known.
    public var byteCount: Int? { Self.sizes.first { $0.name == rawValue }?.bytes }

    /// Where tensors of the type lie among those of a file, as the reference writer puts them: wide ones first.
    var place: Int { Self.sizes.firstIndex { $0.name == rawValue } ?? Self.sizes.count }

    /// The types of the format (safetensors 0.6, `Dtype`), from its last to its first.
    private static let sizes: [(name: String, bytes: Int)] = [
        ("U64", 8), ("I64", 8), ("F64", 8), ("C64", 8), ("F32", 4), ("U32", 4), ("I32", 4), ("BF16", 2), ("F16", 2),
        ("U16", 2), ("I16", 2), ("F8_E8M0", 1), ("F8_E4M3", 1), ("F8_E5M2", 1), ("I8", 1), ("U8", 1), ("BOOL", 1),
    ]
}
