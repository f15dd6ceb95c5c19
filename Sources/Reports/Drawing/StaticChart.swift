import Foundation

/// A chart as a still picture, for where the chart library was absent when this program was built.
struct StaticChart {
    let chart: Chart
    let axis: Axis
    /// How many runs are compared: their curves differ in colour, those of a single run by what they are.
    let runs: Int

    private static let width = 720.0
    private static let height = 300.0
    private static let left = 52.0
    private static let right = 12.0
    private static let top = 8.0
    private static let bottom = 42.0

    var markup: Markup {
        let curves = chart.curves.map { ($0, $0.points(on: axis)) }
        let values = curves.flatMap { $0.1.flatMap { [$0.band.low, $0.band.high].compactMap(\.self) } }
        let places = curves.flatMap { $0.1.map(\.x) }
        guard let low = values.min(), let high = values.max(), let end = places.max() else { return "" }
        let margin = (high - low) * 0.04
        let scale = Scale(
            x: Ticks(over: min(0, places.min() ?? 0)...end, count: 7),
            y: Ticks(over: (low - margin)...(high + margin), count: 6))
        return """
            <svg class="still" viewBox="0 0 720 300" role="img" aria-label="\(chart.title) against \(axis.name)">
            \(grid(scale))\(curves.map { drawn($0.0, $0.1, scale) })</svg>

            """
    }

    /// From values to places in the picture.
    private struct Scale {
        let x: Ticks
        let y: Ticks

        func place(x value: Double) -> Double {
            left + (value - x.range.lowerBound) / (x.range.upperBound - x.range.lowerBound) * (width - left - right)
        }

        func place(y value: Double) -> Double {
            let share = (value - y.range.lowerBound) / (y.range.upperBound - y.range.lowerBound)
            return height - bottom - share * (height - top - bottom)
        }

        func point(_ xValue: Double, _ yValue: Double) -> String {
            String(format: "%.1f,%.1f", place(x: xValue), place(y: yValue))
        }
    }

    private func grid(_ scale: Scale) -> Markup {
        let floor = Self.height - Self.bottom
        let horizontal = scale.y.values.map { value -> Markup in
            let y = String(format: "%.1f", scale.place(y: value))
            return """
                <path class="grid" d="M\(number(Self.left)) \(y)H\(number(Self.width - Self.right))"/>\
                <text x="\(number(Self.left - 6))" y="\(y)" dy=".35em" text-anchor="end">\(Quantity.short(value))</text>

                """
        }
        let vertical = scale.x.values.map { value -> Markup in
            let x = String(format: "%.1f", scale.place(x: value))
            return """
                <path class="grid" d="M\(x) \(number(Self.top))V\(number(floor))"/>\
                <text x="\(x)" y="\(number(floor + 16))" text-anchor="middle">\(Quantity.short(value))</text>

                """
        }
        let middle = number((Self.left + Self.width - Self.right) / 2)
        return """
            \(horizontal)\(vertical)\
            <text x="\(middle)" y="\(number(Self.height - 6))" text-anchor="middle">\(axis.name)</text>

            """
    }

    private func drawn(_ curve: Curve, _ points: [(x: Double, band: Band)], _ scale: Scale) -> Markup {
        let style = CurveStyle(curve, runs: runs)
        let pieces = points.split { $0.band.middle == nil }.map(Array.init)
        return Markup(
            html: pieces.map { piece in
                var text = ""
                if curve.hasBand {
                    let there = piece.map { scale.point($0.x, $0.band.high ?? 0) }
                    let back = piece.reversed().map { scale.point($0.x, $0.band.low ?? 0) }
                    let outline = (there + back).joined(separator: " ")
                    text += "<polygon class=\"band c\(style.color)\" points=\"\(outline)\"/>\n"
                }
                let line = piece.map { scale.point($0.x, $0.band.middle ?? 0) }
                // A line of one point would be invisible.
                let shown = line.count == 1 ? [line[0], line[0]] : line
                text += "<polyline class=\"\(style.classes)\" points=\"\(shown.joined(separator: " "))\"/>\n"
                return text
            }.joined())
    }

    private func number(_ value: Double) -> String { String(format: "%.0f", value) }
}
