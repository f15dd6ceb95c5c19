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
        let comparisons = Self.network(rows)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * width) { block in
            // Whole lanes are compared, also where the vector has ended.
            block.initialize(repeating: 0)
            guard let ranks = block.baseAddress else { return }
            for place in stride(from: 0, to: own.count, by: width) {
                let count = min(width, own.count - place)
                for (row, candidate) in candidates.enumerated() {
                    guard let numbers = candidate.vector.buffer.baseAddress else { return }
                    (ranks + row * width).update(from: numbers + place, count: count)
                }
                for (low, high) in comparisons { Self.order(ranks + low * width, ranks + high * width, count) }
                body(ranks, width, place, count)
            }
        }
    }

    /// The pairs of rows that have to be put in order, one pair after the other, so that all are: Batcher's merge
    /// exchange, in which no number decides a way (D. E. Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M).
    static func network(_ rows: Int) -> [(low: Int, high: Int)] {
        var pairs: [(low: Int, high: Int)] = []
        var top = 1
        while top * 2 < rows { top *= 2 }
        var part = rows > 1 ? top : 0
        while part > 0 {
            var (merge, rest, distance) = (top, 0, part)
            while true {
                pairs += (0..<(rows - distance)).filter { $0 & part == rest }.map { ($0, $0 + distance) }
                if merge == part { break }
                (distance, rest) = (merge - part, part)
                merge /= 2
            }
            part /= 2
        }
        return pairs
    }

    /// Puts two rows in order, sixteen numbers at a time: the compiler makes no vector loop of comparing one by one.
    private static func order(_ low: UnsafeMutablePointer<Float>, _ high: UnsafeMutablePointer<Float>, _ count: Int) {
        let (low, high) = (UnsafeMutableRawPointer(low), UnsafeMutableRawPointer(high))
        for offset in stride(from: 0, to: count * 4, by: 64) {
            let x = low.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
            let y = high.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
            let isTurned = y .< x
            low.storeBytes(of: x.replacing(with: y, where: isTurned), toByteOffset: offset, as: SIMD16<Float>.self)
            high.storeBytes(of: y.replacing(with: x, where: isTurned), toByteOffset: offset, as: SIMD16<Float>.self)
        }
    }
}
