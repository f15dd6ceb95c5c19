internal import Configuration
internal import Randomness
internal import Vectors

/// A matrix M as two thin ones (T. Vogels, S. P. Karimireddy, M. Jaggi, "PowerSGD: Practical Low-Rank Gradient
/// Compression for Distributed Optimization", NeurIPS 2019): P = M Q with orthonormal columns, then Q = M^T P, which
/// the sender's memory keeps for the next vector, and P Q^T at the other end. Tensors of one dimension, and matrices
/// whose factors would be no smaller, go as they are.
struct LowRank: Codec {
    private static let rank = Option.integer("rank", default: 2, in: 1...1024, "Columns of the two factors of a matrix")
    static let description = Description(
        name: "lowrank", summary: "every matrix as the product of two thin ones, found by a power iteration",
        options: [rank.description])
    static let code: UInt8 = 8
    var consensusRate: Double { min(0.3, 0.02 * Double(rank)) }

    private let rank: Int

    init(_ options: Options) throws(ConfigurationError) {
        rank = try options.value(Self.rank)
    }

    private func byteCount(_ layout: CompressionLayout) -> Int {
        4 * layout.blocks.reduce(0) { $0 + ($1.hasFactors(rank) ? rank * ($1.rows + $1.columns) : $1.count) }
    }

    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8] {
        var bytes = Kernels.bytes(byteCount(layout))
        var offset = 0
        var factors: [[Float]] = []
        for block in layout.blocks {
            let numbers = values.extracting(block.range)
            guard block.hasFactors(rank) else {
                Kernels.encodeFloats(numbers, into: &bytes, at: offset)
                offset += 4 * block.count
                continue
            }
            let known = memory.factors.indices.contains(factors.count) ? memory.factors[factors.count] : []
            let (left, right) = factor(numbers, block, from: known, &stream)
            factors.append(right)
            for part in [left, right] {
                Kernels.encodeFloats(part.span, into: &bytes, at: offset)
                offset += 4 * part.count
            }
        }
        memory.factors = factors
        return bytes
    }

    private func factor(
        _ matrix: Span<Float>, _ block: CompressionLayout.Block, from known: [Float], _ stream: inout RandomStream
    ) -> (left: [Float], right: [Float]) {
        var left = Columns(count: rank, length: block.rows)
        var right = Columns(known, count: rank, length: block.columns)
        for column in 0..<rank {
            right.renew(column, &stream)
            left.set(column, Kernels.product(matrix, block, times: right[column].span))
        }
        left.orthonormalize()
        for column in 0..<rank {
            right.set(column, Kernels.product(transposed: matrix, block, times: left[column].span))
        }
        return (left.numbers, right.numbers)
    }

    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool {
        guard bytes.count == byteCount(layout) else { return false }
        values.clear()
        var offset = 0
        for block in layout.blocks {
            guard block.hasFactors(rank) else {
                Kernels.decodeFloats(bytes, at: offset, into: &values, block.range)
                offset += 4 * block.count
                continue
            }
            let left = floats(bytes, &offset, count: rank * block.rows)
            let right = floats(bytes, &offset, count: rank * block.columns)
            for column in 0..<rank {
                Kernels.addOuter(
                    left.span.extracting(column * block.rows..<(column + 1) * block.rows),
                    right.span.extracting(column * block.columns..<(column + 1) * block.columns), to: &values, block)
            }
        }
        return true
    }

    private func floats(_ bytes: [UInt8], _ offset: inout Int, count: Int) -> [Float] {
        var numbers = [Float](repeating: 0, count: count)
        var span = numbers.mutableSpan
        Kernels.decodeFloats(bytes, at: offset, into: &span, 0..<count)
        offset += 4 * count
        return numbers
    }

    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double? {
        block.hasFactors(rank) ? Double(rank) / Double(min(block.rows, block.columns)) : 1
    }
}
