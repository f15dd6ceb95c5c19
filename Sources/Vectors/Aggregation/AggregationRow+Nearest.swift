extension AggregationRow {
    /// The nearest of the others, such a share of them, at least one where there is any; in their order.
    public func nearest(share: Double) -> [Payload] {
        let count = max(1, Int((share * Double(others.count)).rounded()))
        let order = others.indices.sorted { (squaredDistances[$0], $0) < (squaredDistances[$1], $1) }
        return order.prefix(count).sorted().map { others[$0].vector }
    }

    /// `share x own + (1 - share) x mean of the chosen`; the own vector where nobody is.
    public func blend(share: Double, with chosen: [Payload]) -> Payload {
        moved(chosen.map { WeighedVector($0, weight: (1 - share) / Double(chosen.count)) })
    }
}
