extension AggregationRow {
    /// `own + sum of weight x clip(vector - own, radius)`, where a longer difference than the radius is shortened.
    ///
    /// With nothing to shorten that is the weighted mean, to the bit.
    ///
    /// - Parameters:
    ///   - radius: How long a difference may be; nil: as long as the farthest of those that are left when the most
    ///     distant ones, of so much weight as `share` at the least, are passed over.
    ///   - share: The weight that byzantine peers may have together, where no radius is given.
    public func clipped(radius: Double?, share: Double) -> Payload {
        let radius = radius ?? practicalRadius(share)
        return moved(
            zip(others, squaredDistances).map { other, squared in
                let distance = squared.squareRoot()
                return WeighedVector(
                    other.vector, weight: distance > radius ? other.weight * (radius / distance) : other.weight)
            })
    }

    /// The distance of the farthest vector that is not among the most distant ones of that weight; of the nearest
    /// where all are.
    private func practicalRadius(_ share: Double) -> Double {
        let order = others.indices.sorted { (-squaredDistances[$0], $0) < (-squaredDistances[$1], $1) }
        var passed = 0.0
        for place in order {
            // Weights of a third each are a third of rounding short of it.
            if passed >= share - 1e-9 { return squaredDistances[place].squareRoot() }
            passed += others[place].weight
        }
        return order.last.map { squaredDistances[$0].squareRoot() } ?? 0
    }
}
