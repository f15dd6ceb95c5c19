import Foundation
import Reports

/// Numbers of runs that differ in their seeds alone.
struct Spread: Sendable, Hashable {
    /// A number for each run; nil where the run did not come to it.
    let values: [Double?]

    /// Of those that there are; nil where a run has none, for a mean of the others would look better than it is.
    var mean: Double? {
        let numbers = values.compactMap(\.self)
        guard !numbers.isEmpty, numbers.count == values.count else { return nil }
        return numbers.reduce(0, +) / Double(numbers.count)
    }

    /// The sample's standard deviation; nil for less than two numbers.
    var deviation: Double? {
        guard let mean, values.count > 1 else { return nil }
        let squares = values.compactMap(\.self).map { ($0 - mean) * ($0 - mean) }
        return (squares.reduce(0, +) / Double(values.count - 1)).squareRoot()
    }

    /// `mean ± deviation`, or of how many runs there is none.
    func text(_ form: Measure.Form) -> String {
        let numbers = values.compactMap(\.self)
        guard let mean else {
            guard !numbers.isEmpty else { return "–" }
            return "in \(numbers.count) of \(values.count)"
        }
        guard let deviation else { return form.text(mean) }
        return "\(form.text(mean)) ± \(deviation == 0 ? "0" : form.text(deviation))"
    }
}

extension Measure.Form {
    func text(_ value: Double) -> String {
        switch self {
        case .share, .decimal: String(format: "%.4f", value)
        case .percent: String(format: "%.1f %%", 100 * value)
        case .distance: Quantity.distance(value)
        case .count: String(format: value.magnitude < 100 ? "%.4g" : "%.0f", value)
        case .bytes: Quantity.bytes(value)
        case .seconds: String(format: value < 0.1 ? "%.2g s" : value < 10 ? "%.2f s" : "%.1f s", value)
        }
    }
}
