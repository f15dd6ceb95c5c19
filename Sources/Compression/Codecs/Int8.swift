internal import Configuration
internal import Randomness
internal import Vectors

/// A signed byte for each number, and a scale for each 4096 of a tensor: the largest magnitude among them / 127.
/// Rounded to the nearest, halves to even, so that a number is off by half a scale at most.
struct Int8: Codec {
    static let description = Description(
        name: "int8", summary: "a byte each, with a scale for every 4096 numbers", options: [])
    static let code: UInt8 = 7
    static let isFaithful = true
    var consensusRate: Double { 1 }
    /// Few enough to stay in the nearest cache between the pass that finds the scale and the one that uses it.
    private static let groupCount = 4096

    init(_ options: Options) {}

    /// Where each group's numbers lie, and its scale, with its bytes behind it.
    private func forEachGroup(_ layout: CompressionLayout, _ body: (Range<Int>, _ offset: Int) -> Void) {
        var offset = 0
        for block in layout.blocks {
            for start in stride(from: block.range.lowerBound, to: block.range.upperBound, by: Self.groupCount) {
                let end = min(start + Self.groupCount, block.range.upperBound)
                body(start..<end, offset)
                offset += 4 + end - start
            }
        }
    }

    private func byteCount(_ layout: CompressionLayout) -> Int {
        layout.blocks.reduce(0) { $0 + $1.count + 4 * (($1.count + Self.groupCount - 1) / Self.groupCount) }
    }

    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8] {
        var bytes = Kernels.bytes(byteCount(layout))
        forEachGroup(layout) { range, offset in
            let scale = Kernels.encodeInt8(values.extracting(range), into: &bytes, at: offset + 4)
            bytes.store(scale, at: offset)
        }
        return bytes
    }

    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool {
        guard bytes.count == byteCount(layout) else { return false }
        forEachGroup(layout) { range, offset in
            Kernels.decodeInt8(bytes, at: offset + 4, scale: bytes.float(at: offset), into: &values, range)
        }
        return true
    }

    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double? {
        let square = squaredNorm(values)
        guard square > 0 else { return 1 }
        var lost = 0.0
        for start in stride(from: 0, to: values.count, by: Self.groupCount) {
            let end = min(start + Self.groupCount, values.count)
            var peak: Float = 0
            for index in start..<end { peak = max(peak, abs(values[index])) }
            lost += Double(end - start) * Double(peak) * Double(peak) / (4 * 127 * 127)
        }
        // What float32 rounds on the way is not in the bound.
        return max(0, 1 - lost / square * (1 + 1e-4))
    }
}
