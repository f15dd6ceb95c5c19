internal import Configuration
internal import Randomness

/// Numbers at random places, a part of each tensor and one at least, every set of places equally likely. A word that
/// both ends draw the places from goes first, then the numbers, so no place is sent. Of the square the part k / d is
/// kept on average; times d / k the mean is the vector, and nothing is promised of the square.
struct RandomK: Codec {
    private static let ratio = TopK.ratio(
        "Part of each tensor's numbers that are sent, drawn by chance; at least one is")
    private static let unbiased = Option.boolean(
        "unbiased", default: false, "Whether numbers are scaled up, so that the mean over chance is the vector")
    static let description = Description(
        name: "randomk", summary: "numbers at random places, drawn alike at both ends",
        options: [ratio.description, unbiased.description])
    static let code: UInt8 = 2
    var consensusRate: Double { min(0.5, ratio) }

    private let ratio: Double
    private let isUnbiased: Bool

    init(_ options: Options) throws(ConfigurationError) {
        ratio = try options.value(Self.ratio)
        isUnbiased = try options.value(Self.unbiased)
    }

    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8] {
        let word = stream.next()
        var bytes = Kernels.bytes(byteCount(layout))
        bytes.store(word, at: 0)
        var offset = 8
        forEachPlace(word, layout) { place, _ in
            bytes.store(values[place], at: offset)
            offset += 4
        }
        return bytes
    }

    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool {
        guard bytes.count == byteCount(layout) else { return false }
        values.clear()
        var offset = 8
        forEachPlace(bytes.word(at: 0), layout) { place, factor in
            values[place] = bytes.float(at: offset) * factor
            offset += 4
        }
        return true
    }

    private func byteCount(_ layout: CompressionLayout) -> Int {
        8 + layout.blocks.reduce(0) { $0 + 4 * TopK.wanted(ratio, of: $1.count) }
    }

    /// Every place in ascending order, with what its number is multiplied by at the other end.
    private func forEachPlace(_ word: UInt64, _ layout: CompressionLayout, _ body: (Int, Float) -> Void) {
        var stream = RandomStream(seed: word, purpose: .sampling)
        for block in layout.blocks {
            let wanted = TopK.wanted(ratio, of: block.count)
            let factor = isUnbiased ? Float(block.count) / Float(wanted) : 1
            // Floyd's sampling: with each number more there is one more place, or the new one.
            var chosen = [UInt64](repeating: 0, count: (block.count + 63) / 64)
            for last in (block.count - wanted)..<block.count {
                let drawn = stream.integer(below: last + 1)
                let isTaken = chosen[drawn / 64] >> UInt64(drawn % 64) & 1 == 1
                let place = isTaken ? last : drawn
                chosen[place / 64] |= 1 << UInt64(place % 64)
            }
            for (index, word) in chosen.enumerated() {
                var left = word
                while left != 0 {
                    body(block.offset + 64 * index + left.trailingZeroBitCount, factor)
                    left &= left - 1
                }
            }
        }
    }

    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double? {
        isUnbiased ? nil : Double(TopK.wanted(ratio, of: block.count)) / Double(block.count)
    }
}
