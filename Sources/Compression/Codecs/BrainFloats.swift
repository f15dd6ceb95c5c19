internal import Configuration
internal import Randomness

/// Every number in two bytes, rounded to the nearest, halves to even.
/// Eight bits are kept, so a number is off by 2^-9 of itself at most.
struct BrainFloats: Codec {
    static let description = Description(
        name: "bf16", summary: "two bytes each, the upper half of a float32, rounded to the nearest", options: [])
    static let code: UInt8 = 5
    static let isFaithful = true
    var consensusRate: Double { 1 }

    init(_ options: Options) {}

    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8] {
        Kernels.encodeHalves(.brain, values)
    }

    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool {
        guard bytes.count == 2 * layout.count else { return false }
        Kernels.decodeHalves(.brain, bytes, at: 0, into: &values, 0..<layout.count)
        return true
    }

    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double? { 1 - 0x1p-18 }
}
