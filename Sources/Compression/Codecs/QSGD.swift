internal import Configuration
internal import Randomness

/// QSGD (D. Alistarh et al., "QSGD: Communication-Efficient SGD via Gradient Quantization and Encoding", NeurIPS 2017):
/// s levels between 0 and the norm of a bucket of d numbers, of the two next to |v| one by chance, so that the mean is
/// v. Times 1 / (1 + min(d / s^2, sqrt(d) / s)) it is biased towards 0 and contracts by that factor (A. Koloskova,
/// S. Stich, M. Jaggi, ICML 2019).
struct QSGD: Codec {
    private static let bits = Option.integer(
        "bits", default: 4, in: 2...8, "Bits of a number, its sign among them: 2^(bits - 1) - 1 levels")
    private static let bucket = Option.integer(
        "bucket", default: 512, in: 8...1_048_576, "Numbers of a tensor that share a norm")
    static let unbiased = Option.boolean(
        "unbiased", default: false, "Whether the mean over chance is the vector; else it is scaled down to contract")
    static let description = Description(
        name: "qsgd", summary: "a few bits each, rounded up or down by chance, with a norm for every bucket",
        options: [bits.description, bucket.description, unbiased.description])
    static let code: UInt8 = 4
    var consensusRate: Double { 0.5 }

    private let width: Int
    private let bucketCount: Int
    private let isUnbiased: Bool
    private var levels: Double { Double((1 << (width - 1)) - 1) }

    init(_ options: Options) throws(ConfigurationError) {
        width = try options.value(Self.bits)
        // Whole groups of eight numbers, so that buckets begin with a byte.
        bucketCount = (try options.value(Self.bucket) + 7) / 8 * 8
        isUnbiased = try options.value(Self.unbiased)
    }

    private func forEachBucket(_ layout: CompressionLayout, _ body: (Range<Int>, _ offset: Int) -> Void) {
        var offset = 0
        for block in layout.blocks {
            for start in stride(from: block.range.lowerBound, to: block.range.upperBound, by: bucketCount) {
                let end = min(start + bucketCount, block.range.upperBound)
                body(start..<end, offset)
                offset += 4 + Kernels.levelByteCount(end - start, width: width)
            }
        }
    }

    private func byteCount(_ layout: CompressionLayout) -> Int {
        var count = 0
        forEachBucket(layout) { range, offset in
            count = offset + 4 + Kernels.levelByteCount(range.count, width: width)
        }
        return count
    }

    /// What a bucket of so many numbers is scaled by.
    private func shrinkage(_ count: Int) -> Double {
        let count = Double(count)
        return 1 / (1 + min(count / (levels * levels), count.squareRoot() / levels))
    }

    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8] {
        var bytes = Kernels.bytes(byteCount(layout))
        let seed = stream.next()
        forEachBucket(layout) { range, offset in
            let norm = Kernels.encodeLevels(
                values.extracting(range), width: width, seed: seed, place: range.lowerBound, into: &bytes,
                at: offset + 4)
            bytes.store(norm, at: offset)
        }
        return bytes
    }

    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool {
        guard bytes.count == byteCount(layout) else { return false }
        forEachBucket(layout) { range, offset in
            let unit = (isUnbiased ? 1 : shrinkage(range.count)) / levels
            let norm = bytes.float(at: offset)
            Kernels.decodeLevels(
                bytes, at: offset + 4, width: width, unit: norm * Float(unit), into: &values, range)
        }
        return true
    }

    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double? {
        isUnbiased ? nil : shrinkage(min(block.count, bucketCount))
    }
}
