extension Array {
    /// At most `limit` of the elements, evenly spread, the first and the last among them.
    func thinned(to limit: Int) -> [Element] {
        precondition(limit >= 2, "a thinned curve keeps both its ends, so \(limit) points are too few")
        guard count > limit else { return self }
        return (0..<limit).map { self[$0 * (count - 1) / (limit - 1)] }
    }
}
