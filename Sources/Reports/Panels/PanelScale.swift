import Foundation

/// From values of one axis to places in a picture.
struct PanelScale {
    let ticks: Ticks
    private let isLogarithmic: Bool
    private let begin: Double
    private let end: Double

    /// From the least value at `begin` to the greatest at `end`, with a margin as a share of the whole. Nil where no
    /// value has a place.
    init?(
        _ values: [Double], _ axis: PanelAxis, from begin: Double, to end: Double, tickCount: Int, margin: Double = 0
    ) {
        isLogarithmic = axis.isLogarithmic
        let values = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }
        // A range without an end has no picture.
        guard let least = values.min(), let most = values.max(), (2 * (most - least)).isFinite else { return nil }
        (self.begin, self.end) = (begin, end)
        if axis.isLogarithmic {
            let margin = (log10(most) - log10(least)) * margin
            ticks = Ticks(logarithmicOver: pow(10, log10(least) - margin)...pow(10, log10(most) + margin))
        } else {
            let margin = (most - least) * margin
            ticks = Ticks(over: (least - margin)...(most + margin), count: tickCount)
        }
    }

    /// Where a value lies; nil where it has no place.
    func place(_ value: Double?) -> Double? {
        guard let value, value.isFinite, !isLogarithmic || value > 0 else { return nil }
        let (low, high) = (ticks.range.lowerBound, ticks.range.upperBound)
        let share =
            isLogarithmic
            ? (log10(value) - log10(low)) / (log10(high) - log10(low)) : (value - low) / (high - low)
        return begin + share * (end - begin)
    }
}
