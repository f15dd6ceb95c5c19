internal import Configuration
public import Randomness
internal import Vectors

/// A way to send fewer bytes than a vector has: numbers to bytes at one end, and to numbers again at the other.
public struct Compressor: Sendable {
    private let codec: any Codec
    /// The name by which it is chosen.
    public let name: String
    /// Which compressor made a vector; no two have the same.
    public var code: UInt8 { type(of: codec).code }

    /// Whether there is nothing to compress: vectors go as they are.
    public var isIdentity: Bool { codec is Plain }
    /// Whether what is made of a vector is near it in every number, so that it stands for the vector by itself.
    public var isFaithful: Bool { type(of: codec).isFaithful }
    /// The share of the way that peers go in a round who mix what they know of each other by such vectors (gamma of
    /// CHOCO-SGD), unless the user chooses another: theory's is far too small, and these are found by runs.
    public var consensusRate: Double { codec.consensusRate }

    init(_ codec: any Codec, name: String) {
        self.codec = codec
        self.name = name
    }

    /// The bytes of a vector of this layout. The stream is whatever names the message among all of the run; NaN and
    /// infinite numbers come through, or make others of their tensor NaN.
    public func compress(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> CompressedVector {
        precondition(values.count == layout.count, "\(values.count) numbers by a layout of \(layout.count)")
        let bytes = codec.encode(values, layout: layout, stream: &stream, memory: &memory)
        return CompressedVector(code: code, count: layout.count, bytes: bytes)
    }

    /// Writes all numbers of the vector that the bytes stand for. Bytes may be anybody's: where they are none that a
    /// compressor of these settings makes it throws, and `values` holds what may come.
    public func decompress(
        _ vector: CompressedVector, layout: CompressionLayout, into values: inout MutableSpan<Float>
    ) throws(MalformedVector) {
        precondition(values.count == layout.count, "\(values.count) numbers by a layout of \(layout.count)")
        guard vector.code == code else {
            throw MalformedVector(description: "a vector of compressor \(vector.code) where \(name) is \(code)")
        }
        guard vector.count == layout.count else {
            throw MalformedVector(description: "a vector of \(vector.count) numbers where \(layout.count) are wanted")
        }
        guard codec.decode(vector.bytes, layout: layout, into: &values) else {
            throw MalformedVector(description: "\(vector.bytes.count) bytes that \(name) does not make")
        }
    }

    /// The part of a vector's square that theory promises to keep: E||Q(v) - v||^2 <= (1 - delta) ||v||^2. Nil where
    /// nothing is promised, since what is made is right on average only.
    public func keptPart(of values: Span<Float>, layout: CompressionLayout) -> Double? {
        let (square, lost) = layout.blocks.reduce((0.0, Optional(0.0))) { sums, block in
            let numbers = values.extracting(block.range)
            let square = squaredNorm(numbers)
            let kept = codec.keptPart(of: numbers, block)
            return (sums.0 + square, sums.1.flatMap { lost in kept.map { lost + (1 - $0) * square } })
        }
        guard let lost else { return nil }
        return square > 0 ? 1 - lost / square : 1
    }
}

/// What a compressor's file has to say.
protocol Codec: Sendable {
    /// Name, summary, options.
    static var description: Description { get }
    /// The number by which frames tell compressors apart; never given to another one.
    static var code: UInt8 { get }

    /// Whether what is made of a vector is near it in every number.
    static var isFaithful: Bool { get }
    /// The share of the way that mixing goes in a round, where the user says nothing.
    var consensusRate: Double { get }

    /// Throws for an option out of its range.
    init(_ options: Options) throws(ConfigurationError)

    /// The bytes of a vector, as many as there are numbers in the layout.
    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8]

    /// Writes every number; false where the bytes are not such as `encode` makes.
    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool

    /// The part of a tensor's square that is sure to be kept, on average over the stream; nil where none is.
    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double?
}

extension Codec {
    static var isFaithful: Bool { false }
}
