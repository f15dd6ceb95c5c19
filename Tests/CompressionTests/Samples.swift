import Compression
import Configuration
import Randomness
import Vectors

/// What the tests of compressors share.
enum Samples {
    /// Tensors as a small network has them: a convolution's filters, a dense layer's weights, biases, a lone number.
    static let layout = CompressionLayout(
        VectorLayout([
            ("filters", [8, 3, 5, 5]), ("filters.bias", [8]), ("weights", [40, 130]), ("weights.bias", [40]),
            ("scale", [1]), ("long", [9000]),
        ]))

    /// Standard normal numbers.
    static func normal(_ count: Int = layout.count, seed: UInt64 = 1) -> [Float] {
        var stream = RandomStream(seed: seed, purpose: .test)
        return (0..<count).map { _ in Float(stream.normal()) }
    }

    /// Numbers as a gradient has them: most are near 0, and few are large.
    static func steep(_ count: Int = layout.count, seed: UInt64 = 1) -> [Float] {
        normal(count, seed: seed).map { $0 * $0 * $0 * 0.01 }
    }

    static func compressor(_ name: String, _ options: [String: OptionValue] = [:]) throws -> Compressor {
        try Compressors.make(name, Options(options))
    }

    /// Every compressor, with its defaults and beside them.
    static let settings: [(name: String, options: [String: OptionValue])] = [
        ("none", [:]), ("topk", [:]), ("topk", ["ratio": .number(0.3)]), ("randomk", [:]),
        ("randomk", ["ratio": .number(0.6)]), ("sign", [:]), ("qsgd", [:]), ("qsgd", ["bits": .integer(2)]),
        ("qsgd", ["bits": .integer(7), "bucket": .integer(100)]), ("qsgd", ["bits": .integer(8)]), ("bf16", [:]),
        ("fp16", [:]), ("int8", [:]), ("lowrank", [:]), ("lowrank", ["rank": .integer(4)]),
    ]

    static func stream(_ round: UInt64 = 0) -> RandomStream {
        RandomStream(seed: 5, purpose: .test, peer: 1, round: round)
    }
}

extension Compressor {
    /// The bytes of these numbers, the first that a link sends.
    func bytes(_ values: [Float], layout: CompressionLayout = Samples.layout, round: UInt64 = 0) -> CompressedVector {
        var memory = CompressionMemory()
        return bytes(values, layout: layout, round: round, memory: &memory)
    }

    func bytes(
        _ values: [Float], layout: CompressionLayout = Samples.layout, round: UInt64 = 0,
        memory: inout CompressionMemory
    ) -> CompressedVector {
        var stream = Samples.stream(round)
        return compress(values.span, layout: layout, stream: &stream, memory: &memory)
    }

    /// The numbers of these bytes; what is not written is NaN.
    func numbers(_ vector: CompressedVector, layout: CompressionLayout = Samples.layout) throws -> [Float] {
        var numbers = [Float](repeating: .nan, count: layout.count)
        var span = numbers.mutableSpan
        try decompress(vector, layout: layout, into: &span)
        return numbers
    }

    /// There and back.
    func trip(_ values: [Float], layout: CompressionLayout = Samples.layout, round: UInt64 = 0) throws -> [Float] {
        try numbers(bytes(values, layout: layout, round: round), layout: layout)
    }
}

/// The square of the distance, in float64.
func squaredError(_ first: [Float], _ second: [Float]) -> Double {
    zip(first, second).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
}

func square(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) } }
