import Foundation

/// Round numbers that divide a range: steps of 1, 2 or 5 times a power of ten.
struct Ticks: Sendable, Hashable {
    let values: [Double]
    /// The range that is drawn: the one given, or a wider one where that has no extent.
    let range: ClosedRange<Double>

    /// About `count` ticks within a range.
    init(over given: ClosedRange<Double>, count: Int) {
        var range = given
        if range.upperBound - range.lowerBound <= max(range.upperBound.magnitude, range.lowerBound.magnitude) * 1e-12 {
            let half = range.lowerBound == 0 ? 1 : range.lowerBound.magnitude / 10
            range = (range.lowerBound - half)...(range.upperBound + half)
        }
        self.range = range
        let rough = (range.upperBound - range.lowerBound) / Double(max(1, count))
        let power = pow(10, log10(rough).rounded(.down))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power
        let first = (range.lowerBound / step).rounded(.up)
        let last = (range.upperBound / step).rounded(.down)
        values = first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
    }
}

extension Ticks {
    /// Powers of ten within a range above 0; where there are fewer than two, 1, 2 and 5 times those; within a short one
    /// round numbers.
    init(logarithmicOver given: ClosedRange<Double>) {
        var range = given
        if range.upperBound <= range.lowerBound * (1 + 1e-12) {
            range = (range.lowerBound / 2)...(range.upperBound * 2)
        }
        self.range = range
        let first = Int(log10(range.lowerBound).rounded(.down))
        let last = Int(log10(range.upperBound).rounded(.up))
        // Each tick has room for its number.
        let stride = max(1, (last - first + 7) / 8)
        func values(_ factors: [Double]) -> [Double] {
            (first...last).filter { $0 % stride == 0 }.flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
                .filter(range.contains)
        }
        self.values =
            [values([1]), values([1, 2, 5])].first { $0.count > 1 } ?? Ticks(over: range, count: 5).values
    }
}
