/// A vector as it travels: fewer bytes, of which whoever knows the vector's layout makes numbers again, the same ones
/// on every host. Words are little-endian.
public struct CompressedVector: Sendable, Hashable {
    /// Which compressor made the bytes.
    public let code: UInt8
    /// How many numbers they stand for.
    public let count: Int
    /// What goes on the wire.
    public let bytes: [UInt8]

    /// A vector whose bytes have come from elsewhere; `decompress` finds out whether they are any good.
    public init(code: UInt8, count: Int, bytes: [UInt8]) {
        self.code = code
        self.count = count
        self.bytes = bytes
    }

    /// What the vector weighs on a wire.
    public var byteCount: Int { bytes.count }
}

/// Bytes that no compressor of these settings makes of a vector of this layout.
public struct MalformedVector: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, one sentence without a full stop.
    public let description: String
}

/// What the sending end of a link keeps from one vector to the next: where a power iteration has come to. Empty at
/// first, and for compressors that keep nothing. With other numbers in it vectors are compressed worse, never wrongly.
public struct CompressionMemory: Sendable, Hashable, Codable {
    /// For each matrix the factor that was found last, one vector of its columns behind the other.
    var factors: [[Float]] = []

    /// A memory of nothing.
    public init() {}
}
