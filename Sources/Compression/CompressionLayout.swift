public import Vectors

/// The tensors of a flat vector as matrices, in order and with no gap: compressors choose, scale and factor within
/// each.
public struct CompressionLayout: Sendable, Hashable {
    /// One tensor within the vector; one without a second dimension is a row.
    public struct Block: Sendable, Hashable {
        /// Index of its first number.
        public let offset: Int
        /// The extent of its first dimension, or 1.
        public let rows: Int
        /// Numbers in each row.
        public let columns: Int

        /// How many numbers the tensor has.
        public var count: Int { rows * columns }
        /// Where it lies within the vector.
        public var range: Range<Int> { offset..<(offset + count) }
    }

    /// The tensors in the order in which they lie; those without a number are left out.
    public let blocks: [Block]
    /// Numbers in the whole vector.
    public let count: Int

    /// The tensors of a model: a convolution's weights have a row for each filter.
    public init(_ layout: VectorLayout) {
        blocks = layout.entries.filter { $0.count > 0 }.map { entry in
            let rows = entry.isWeight ? entry.shape[0] : 1
            return Block(offset: entry.offset, rows: rows, columns: entry.count / rows)
        }
        count = layout.count
    }

    /// Matrices of these extents, one behind the other.
    public init(extents: [(rows: Int, columns: Int)]) {
        var (blocks, offset): ([Block], Int) = ([], 0)
        for (rows, columns) in extents where rows * columns > 0 {
            blocks.append(Block(offset: offset, rows: rows, columns: columns))
            offset += rows * columns
        }
        self.blocks = blocks
        count = offset
    }

    /// One row of so many numbers: a vector of which nothing else is known.
    public static func whole(_ count: Int) -> CompressionLayout {
        CompressionLayout(extents: [(rows: 1, columns: count)])
    }
}
