import Foundation

/// A panel as a still picture within a page, whose style sheet gives it its colours.
struct PanelPicture {
    private let panel: Panel

    private static let width = 720.0
    private static let height = 300.0
    private static let left = 58.0
    private static let right = 12.0
    private static let top = 8.0
    private static let bottom = 42.0

    init(_ panel: Panel) { self.panel = panel }

    var markup: Markup {
        let points = panel.curves.flatMap(\.points)
        let places = points.filter { $0.y != nil && $0.x.isFinite }.map(\.x)
        let values = points.flatMap { [$0.low, $0.y, $0.high].compactMap(\.self) }
        // Time and counts begin at nothing.
        let origin = panel.horizontal.isLogarithmic ? [] : [0.0]
        guard !places.isEmpty,
            let x = PanelScale(
                places + origin, panel.horizontal, from: Self.left, to: Self.width - Self.right, tickCount: 7),
            let y = PanelScale(
                values, panel.vertical, from: Self.height - Self.bottom, to: Self.top, tickCount: 6, margin: 0.04)
        else { return "" }
        let label = "\(panel.title): \(panel.vertical.title) against \(panel.horizontal.title)"
        return """
            <svg class="still" viewBox="0 0 720 300" role="img" aria-label="\(label)">
            \(grid(x, y))\(panel.curves.map { drawn($0, x, y) })</svg>

            """
    }

    private func grid(_ x: PanelScale, _ y: PanelScale) -> Markup {
        let floor = Self.height - Self.bottom
        let horizontal = y.ticks.values.map { value -> Markup in
            let place = number(y.place(value) ?? floor)
            return """
                <path class="grid" d="M\(number(Self.left)) \(place)H\(number(Self.width - Self.right))"/>\
                <text x="\(number(Self.left - 6))" y="\(place)" dy=".35em" text-anchor="end">\
                \(Quantity.short(value))</text>

                """
        }
        let vertical = x.ticks.values.map { value -> Markup in
            let place = number(x.place(value) ?? Self.left)
            return """
                <path class="grid" d="M\(place) \(number(Self.top))V\(number(floor))"/>\
                <text x="\(place)" y="\(number(floor + 16))" text-anchor="middle">\(Quantity.short(value))</text>

                """
        }
        let middle = number((Self.left + Self.width - Self.right) / 2)
        return """
            \(horizontal)\(vertical)\
            <text x="\(middle)" y="\(number(Self.height - 6))" text-anchor="middle">\(panel.horizontal.title)</text>

            """
    }

    private typealias Place = (x: Double, y: Double, low: Double?, high: Double?)

    private func drawn(_ curve: PanelCurve, _ x: PanelScale, _ y: PanelScale) -> Markup {
        let places = curve.points.map { point -> Place? in
            guard let across = x.place(point.x), let up = y.place(point.y) else { return nil }
            return (across, up, y.place(point.low), y.place(point.high))
        }
        if curve.style.stroke == .dots {
            let dots = places.compactMap(\.self).map { "M\(number($0.x)) \(number($0.y))h0" }.joined()
            return "<path class=\"\(curve.style.classes)\" d=\"\(dots)\"/>\n"
        }
        let pieces = places.split { $0 == nil }.map { $0.compactMap(\.self) }
        return "\(pieces.map { piece(curve, $0) })"
    }

    /// A stretch without a gap, its band beneath it.
    private func piece(_ curve: PanelCurve, _ places: [Place]) -> Markup {
        func point(_ x: Double, _ y: Double) -> String { "\(number(x)),\(number(y))" }
        var band: Markup = ""
        if curve.hasBand {
            let there = places.map { point($0.x, $0.high ?? $0.y) }
            let back = places.reversed().map { point($0.x, $0.low ?? $0.y) }
            let outline = (there + back).joined(separator: " ")
            band = "<polygon class=\"band c\(curve.style.color)\" points=\"\(outline)\"/>\n"
        }
        let line = places.map { point($0.x, $0.y) }
        // A line of one point would be invisible.
        let shown = line.count == 1 ? [line[0], line[0]] : line
        return "\(band)<polyline class=\"\(curve.style.classes)\" points=\"\(shown.joined(separator: " "))\"/>\n"
    }

    private func number(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
