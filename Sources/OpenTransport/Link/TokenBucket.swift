/// How much may be spent: a rate, and a stock that gathers while nothing is spent.
struct TokenBucket: Sendable, Hashable {
    private let perSecond: Double
    private let most: Double
    private var stock: Double
    private var last: Int64

    /// A full one. - Parameter now: in nanoseconds.
    init(perSecond: Double, most: Double, now: Int64) {
        (self.perSecond, self.most, stock, last) = (perSecond, most, most, now)
    }

    /// Spends so much; false where there is less.
    mutating func spend(_ amount: Double, now: Int64) -> Bool {
        // A clock that goes back gives nothing.
        stock = min(most, stock + Double(max(0, now - last)) * 1e-9 * perSecond)
        last = max(last, now)
        guard stock >= amount else { return false }
        stock -= amount
        return true
    }
}
