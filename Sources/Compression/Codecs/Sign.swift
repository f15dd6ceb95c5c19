internal import Configuration
internal import Randomness
internal import Vectors

/// A bit for each number, and the mean magnitude of each tensor: Q(v) = ||v||_1 / d * sign(v), where 0 counts as
/// positive. Of a tensor's square the part ||v||_1^2 / (d ||v||^2) is kept.
struct Sign: Codec {
    static let description = Description(
        name: "sign", summary: "a bit each, and the mean magnitude of every tensor", options: [])
    static let code: UInt8 = 3
    var consensusRate: Double { 0.45 }

    init(_ options: Options) {}

    private func byteCount(_ layout: CompressionLayout) -> Int {
        layout.blocks.reduce(0) { $0 + 4 + Kernels.signByteCount($1.count) }
    }

    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8] {
        var bytes = Kernels.bytes(byteCount(layout))
        var offset = 0
        for block in layout.blocks {
            let norm = Kernels.encodeSigns(values.extracting(block.range), into: &bytes, at: offset + 4)
            bytes.store(norm, at: offset)
            offset += 4 + Kernels.signByteCount(block.count)
        }
        return bytes
    }

    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool {
        guard bytes.count == byteCount(layout) else { return false }
        var offset = 0
        for block in layout.blocks {
            Kernels.decodeSigns(bytes, at: offset + 4, norm: bytes.float(at: offset), into: &values, block.range)
            offset += 4 + Kernels.signByteCount(block.count)
        }
        return true
    }

    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double? {
        let square = squaredNorm(values)
        guard square > 0 else { return 1 }
        var sum = 0.0
        for index in values.indices { sum += Double(abs(values[index])) }
        return sum * sum / (Double(values.count) * square)
    }
}
