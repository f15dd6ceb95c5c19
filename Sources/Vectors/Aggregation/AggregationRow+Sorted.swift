extension AggregationRow {
    /// Numbers of a vector that are sorted at once: with those of a dozen candidates they stay near.
    private static let width = 512

    /// Sorts the candidates' numbers coordinate by coordinate and has each block of them made something of.
    ///
    /// `body` is given the sorted numbers (those of rank k at `k x width`), their width, the place in the vector and
    /// how many numbers there are from it on.
    func sortedBlocks(_ body: (_ ranks: UnsafePointer<Float>, _ width: Int, _ place: Int, _ count: Int) -> Void) {
        let candidates = candidates
        let (rows, width) = (candidates.count, Self.width)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * width) { block in
            guard let ranks = block.baseAddress else { return }
            for place in stride(from: 0, to: own.count, by: width) {
                let count = min(width, own.count - place)
                for (row, candidate) in candidates.enumerated() {
                    guard let numbers = candidate.vector.buffer.baseAddress else { return }
                    (ranks + row * width).update(from: numbers + place, count: count)
                }
                // Two rows at a time are put in order, the greatest rising to the end: no number decides a way.
                for end in stride(from: rows - 1, to: 0, by: -1) {
                    for row in 0..<end { Self.order(ranks + row * width, ranks + (row + 1) * width, count) }
                }
                body(ranks, width, place, count)
            }
        }
    }

    private static func order(_ low: UnsafeMutablePointer<Float>, _ high: UnsafeMutablePointer<Float>, _ count: Int) {
        for index in 0..<count {
            let (x, y) = (low[index], high[index])
            low[index] = x < y ? x : y
            high[index] = x < y ? y : x
        }
    }
}
