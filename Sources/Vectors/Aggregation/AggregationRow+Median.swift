extension AggregationRow {
    /// The median of the candidates in each coordinate; of an even number the mean of the two in the middle.
    public func median() -> Payload {
        let count = candidates.count
        guard count > 1 else { return candidates.first?.vector ?? own }
        return result { into in
            sortedBlocks { ranks, width, place, numbers in
                let (low, high) = (ranks + (count - 1) / 2 * width, ranks + count / 2 * width)
                for index in 0..<numbers {
                    into[place + index] = low[index] + (high[index] - low[index]) * 0.5
                }
            }
        }
    }
}
