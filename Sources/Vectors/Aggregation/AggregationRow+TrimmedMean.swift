extension AggregationRow {
    /// The mean, in each coordinate, of the candidates but for so many of the greatest and as many of the least; fewer
    /// where hardly any are left. Without any it is the mean, to the bit.
    public func trimmedMean(byzantine: Int) -> Payload {
        let count = candidates.count
        let trimmed = min(byzantine, (count - 1) / 2)
        guard trimmed > 0 else { return mean() }
        let share = 1 / Float(count - 2 * trimmed)
        return result { into in
            guard let from = own.buffer.baseAddress else { return }
            into.update(from: from, count: own.count)
            sortedBlocks { ranks, width, place, numbers in
                for row in trimmed..<(count - trimmed) {
                    let rank = ranks + row * width
                    for index in 0..<numbers {
                        into[place + index] += share * (rank[index] - from[place + index])
                    }
                }
            }
        }
    }
}
