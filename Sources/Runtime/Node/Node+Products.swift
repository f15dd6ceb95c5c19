import Compression
import Gossip
import Graphs
import Vectors

/// Products with the factors of edges, in place of vectors: see `Factoring`.
extension Node {
    /// The product of a vector with the factors of the edge to a peer, which begins with its first product.
    mutating func product(of vector: Vector, _ factoring: Factoring, seed: UInt64, to peer: PeerID) -> Payload {
        var edge = edges[peer] ?? PowerEdge(seed: seed)
        let product = vectors.read(slot(vector)) {
            edge.multiply($0, rank: factoring.rank, layout: layout(factoring))
        }
        edges[peer] = edge
        return Payload(product)
    }

    /// Moves a vector along the factors by what others' products differ from the own ones.
    mutating func mixProducts(into target: Vector, _ factoring: Factoring, _ terms: [ProductTerm]) {
        let (layout, target) = (layout(factoring), slot(target))
        for term in terms {
            guard var edge = edges[term.peer] else {
                preconditionFailure("a product of peer \(term.peer) is mixed, who was sent none")
            }
            let isGreater = me > term.peer
            payload(term.payload).read { product in
                vectors.write(target) {
                    edge.mix(
                        product, isGreater: isGreater, weight: Float(term.weight), into: &$0, rank: factoring.rank,
                        layout: layout)
                }
            }
            edges[term.peer] = edge
        }
    }

    private func layout(_ factoring: Factoring) -> CompressionLayout {
        let extents = factoring.tensors.map { (rows: $0.rows, columns: $0.columns) }
        let layout = extents.isEmpty ? .whole(vectors.count) : CompressionLayout(extents: extents)
        precondition(layout.count == vectors.count, "tensors of \(layout.count) numbers in \(vectors.count)")
        return layout
    }

    /// Why an edge cannot make or mix products; nil where it can.
    func misfit(_ peer: PeerID, _ factoring: Factoring, product: PayloadID?) -> String? {
        guard let edge = edges[peer] else {
            return product == nil ? nil : "a product of peer \(peer) is mixed, who was sent none"
        }
        let layout = layout(factoring)
        guard edge.fits(rank: factoring.rank, layout: layout) else {
            return "the factors of the edge to peer \(peer) are of another model"
        }
        guard let product else { return nil }
        let count = edge.productCount(rank: factoring.rank, layout: layout)
        return received[product.rawValue]?.count == count && edge.product.count == count
            ? nil : "a product with peer \(peer) is none of its exchange"
    }

    /// The edges at rest.
    func savedEdges(_ table: inout PayloadTable) -> [Int: SavedEdge]? {
        guard !edges.isEmpty else { return nil }
        var saved: [Int: SavedEdge] = [:]
        for (peer, edge) in edges.sorted(by: { $0.key < $1.key }) {
            saved[peer.rawValue] = SavedEdge(
                seed: edge.seed, round: edge.round,
                factors: edge.factors.isEmpty ? nil : table.place(Payload(edge.factors)),
                product: edge.product.isEmpty ? nil : table.place(Payload(edge.product)))
        }
        return saved
    }

    /// Takes the edges over as they were.
    mutating func restoreEdges(_ saved: [Int: SavedEdge]?, _ table: PayloadTable) throws(StateError) {
        edges = [:]
        for (peer, edge) in saved ?? [:] {
            edges[PeerID(peer)] = PowerEdge(
                seed: edge.seed, round: edge.round, factors: try table.payload(edge.factors)?.array() ?? [],
                product: try table.payload(edge.product)?.array() ?? [])
        }
    }
}

/// An edge at rest.
struct SavedEdge: Sendable, Codable {
    let seed: UInt64
    let round: UInt64
    /// Where its numbers lie among the payloads; nil for none.
    let factors: Int?
    let product: Int?
}
