internal import Configuration
internal import Randomness

/// Every number as it is, in four bytes.
struct Plain: Codec {
    static let description = Description(name: "none", summary: "every number as it is", options: [])
    static let code: UInt8 = 0
    static let isFaithful = true
    var consensusRate: Double { 1 }

    init(_ options: Options) {}

    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8] {
        var bytes = Kernels.bytes(4 * values.count)
        Kernels.encodeFloats(values, into: &bytes, at: 0)
        return bytes
    }

    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool {
        guard bytes.count == 4 * layout.count else { return false }
        Kernels.decodeFloats(bytes, at: 0, into: &values, 0..<layout.count)
        return true
    }

    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double? { 1 }
}
