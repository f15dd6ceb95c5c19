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
