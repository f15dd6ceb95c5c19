internal import Configuration
internal import Randomness

/// Every number in two bytes, rounded to the nearest, halves to even.
/// Eleven bits are kept of numbers from 6.1e-5 to 65504; larger ones become infinite,
/// smaller ones lose more.
struct HalfFloats: Codec {
    static let description = Description(
        name: "fp16", summary: "two bytes each, IEEE half precision, rounded to the nearest", options: [])
    static let code: UInt8 = 6
    static let isFaithful = true
    var consensusRate: Double { 1 }

    init(_ options: Options) {}

    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8] {
        Kernels.encodeHalves(.half, values)
    }

    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool {
        guard bytes.count == 2 * layout.count else { return false }
        Kernels.decodeHalves(.half, bytes, at: 0, into: &values, 0..<layout.count)
        return true
    }

    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double? { 1 - 0x1p-22 }
}
