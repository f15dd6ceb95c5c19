/// A float64 sum that keeps what rounding would lose, so that a ledger of millions of entries stays exact to 1e-15 of
/// its largest entry.
///
/// Source: A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54, 1974.
struct CompensatedSum: Sendable, Hashable, Codable {
    private var sum = 0.0
    private var lost = 0.0

    var value: Double { sum + lost }

    static func += (a: inout CompensatedSum, term: Double) {
        let total = a.sum + term
        a.lost += a.sum.magnitude >= term.magnitude ? (a.sum - total) + term : (term - total) + a.sum
        a.sum = total
    }

    static func -= (a: inout CompensatedSum, term: Double) { a += -term }
}
