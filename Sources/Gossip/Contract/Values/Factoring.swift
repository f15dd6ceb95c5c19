public import Graphs

/// How two neighbours tell each other what their vectors come to along factors that both know, in place of the vectors.
///
/// Every edge has for each matrix a thin factor, the same at both ends, drawn at first from a seed that both have. What
/// is sent is the product of the matrix, or of its transpose in every other exchange, with the factor; from both ends'
/// products both make the next factor. Tensors with one dimension, and matrices whose factors would be no smaller, are
/// sent as they are.
public struct Factoring: Hashable, Sendable, Codable {
    /// The extents of one tensor; one with a single dimension is a row.
    public struct Extent: Hashable, Sendable, Codable {
        /// Of the first dimension, or 1.
        public let rows: Int
        /// Numbers in a row.
        public let columns: Int

        /// Both are 1 at least.
        public init(rows: Int, columns: Int) {
            self.rows = rows
            self.columns = columns
        }
    }

    /// Columns of a factor.
    public let rank: Int
    /// The tensors of a vector in their order; where there is none the vector is one row.
    public let tensors: [Extent]
}

/// One neighbour's part in a mix of products.
public struct ProductTerm: Hashable, Sendable, Codable {
    /// Whose product has come.
    public let peer: PeerID
    /// The product.
    public let payload: PayloadID
    /// The share of the way to that neighbour, as far as the factor shows it.
    public let weight: Double

    /// The product that came from a neighbour, with its share.
    public init(_ weight: Double, _ payload: PayloadID, of peer: PeerID) {
        self.weight = weight
        self.payload = payload
        self.peer = peer
    }
}
