/// What one message brought where vectors travel with weights, or several that were folded into one vector.
struct WeightedShare: Hashable, Sendable, Codable {
    let vector: Vector
    let weight: Double

    /// `x <-` the weighted mean of the shares, which are released; returns the sum of their weights.
    static func merge(_ shares: [WeightedShare], into x: Vector, _ effects: inout Effects) -> Double {
        let (counting, total) = (shares.filter { $0.weight > 0 }, shares.reduce(0) { $0 + $1.weight })
        if let first = counting.first?.vector {
            let moves = counting.dropFirst().map { Term($0.weight / total, $0.vector, minus: first) }
            effects.combine(into: x, [Term(1, first)] + moves)
        }
        for case .received(let payload) in shares.map(\.vector) { effects.release(payload) }
        return total
    }
}
