extension AggregationRow {
    /// The candidates of whom the nearest others are nearest: the best one itself, or the mean of the best.
    ///
    /// A candidate's score is the sum of the squares of its distances from the `m - b - 2` nearest of the other
    /// candidates, m being how many there are; of equal scores the first has the better one. Where there are fewer than
    /// `2 b + 3`, b is taken to be as much less.
    ///
    /// - Parameters:
    ///   - byzantine: b, how many there may be that are not to be believed.
    ///   - best: How many are averaged; nil: all but b.
    public func krum(byzantine: Int, best: Int?) -> Payload {
        let candidates = candidates
        let count = candidates.count
        guard count > 1 else { return candidates.first?.vector ?? own }
        let byzantine = min(byzantine, max((count - 3) / 2, 0))
        let scores = scores(candidates, nearest: max(count - byzantine - 2, 1))
        let order = candidates.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        let chosen = order.prefix(max(1, min(best ?? count - byzantine, count))).sorted()
        if chosen.count == 1 { return candidates[chosen[0]].vector }
        let share = 1 / Double(chosen.count)
        let others = ownWeight > 0 ? chosen.filter { $0 > 0 } : chosen
        return moved(others.map { WeighedVector(candidates[$0].vector, weight: share) })
    }

    private func scores(_ candidates: [WeighedVector], nearest: Int) -> [Double] {
        var table = candidates.map { _ in [Double](repeating: 0, count: candidates.count) }
        for first in candidates.indices {
            for second in candidates.indices where second > first {
                let isKnown = ownWeight > 0 && first == 0
                let squared =
                    isKnown
                    ? squaredDistances[second - 1] : distance(candidates[first].vector, candidates[second].vector)
                (table[first][second], table[second][first]) = (squared, squared)
            }
        }
        return candidates.indices.map { place in
            let others = candidates.indices.filter { $0 != place }.map { table[place][$0] }
            return others.sorted().prefix(nearest).reduce(0, +)
        }
    }
}
