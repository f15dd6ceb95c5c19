/// Least, mean and most of some values; nil where one of them is no number.
struct Band: Sendable, Hashable {
    var low: Double?
    var middle: Double?
    var high: Double?

    init(_ value: Double?) {
        let value = value.flatMap { $0.isFinite ? $0 : nil }
        (low, middle, high) = (value, value, value)
    }

    /// Over the peers: one whose value is no number leaves a gap, for a mean of the others would look better than it
    /// is.
    init(over values: [Double?]) {
        let numbers = values.compactMap { $0 }.filter(\.isFinite)
        guard numbers.count == values.count, let low = numbers.min(), let high = numbers.max() else { return }
        self.low = low
        self.high = high
        // A mean may leave its range by rounding.
        middle = min(max(numbers.reduce(0, +) / Double(numbers.count), low), high)
    }
}
