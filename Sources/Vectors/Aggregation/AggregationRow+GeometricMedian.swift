extension AggregationRow {
    /// The point with the least weighted sum of distances to the candidates, nearly: so many steps of Weiszfeld's
    /// iteration, smoothed, `z <- sum of w_k x_k / sum of w_k` with `w_k = weight / max(|x_k - z|, smoothing)`.
    ///
    /// It begins at the median of each coordinate. At a candidate, such as the own vector, it would hardly move; and
    /// from the mean it would take many steps back from one vector that is far out.
    public func geometricMedian(steps: Int, smoothing: Double) -> Payload {
        let candidates = candidates
        guard candidates.count > 1 else { return candidates.first?.vector ?? own }
        var point = median()
        for _ in 0..<steps {
            let weights = candidates.map { $0.weight / max(distance(point, $0.vector).squareRoot(), smoothing) }
            let sum = weights.reduce(0, +)
            guard sum > 0 else { return point }
            let moves = zip(candidates, weights).map { WeighedVector($0.vector, weight: $1 / sum) }
            point = moved(ownWeight > 0 ? Array(moves.dropFirst()) : moves)
        }
        return point
    }
}
