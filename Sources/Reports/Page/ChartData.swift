import Configuration
import Foundation

extension Chart {
    /// The data of charts for the script of the page: for each curve its places on the axes and its bands.
    static func data(_ charts: [Chart], runs: Int) -> JSON {
        .object([
            ("axes", .object(Axis.allCases.map { ($0.rawValue, .string($0.name)) })),
            ("charts", .array(charts.filter { !$0.isEmpty }.map { $0.json(runs: runs) })),
        ])
    }

    private func json(runs: Int) -> JSON {
        .object([
            ("id", .string(id)), ("title", .string(title)), ("curves", .array(curves.map { $0.json(runs: runs) })),
        ])
    }
}

extension Curve {
    fileprivate func json(runs: Int) -> JSON {
        let style = style(runs: runs)
        var fields: [(key: String, value: JSON)] = [
            ("label", .string(label)), ("kind", .string(kind.rawValue)), ("color", .integer(style.color)),
            ("classes", .string(style.classes)), ("width", .number(style.width)),
            ("pattern", .array(style.pattern.map(JSON.integer))),
        ]
        for axis in Axis.allCases {
            let points = points(on: axis)
            func numbers(_ value: (Band) -> Double?) -> JSON {
                .array(points.map { point in value(point.band).map { .number(rounded($0)) } ?? .null })
            }
            var columns: [(key: String, value: JSON)] = [
                ("x", .array(points.map { .number(rounded($0.x)) })), ("middle", numbers(\.middle)),
            ]
            if hasBand { columns += [("low", numbers(\.low)), ("high", numbers(\.high))] }
            fields.append((axis.rawValue, .object(columns)))
        }
        return .object(fields)
    }

    var hasBand: Bool { kind == .peers || kind == .training || kind == .rate }
}

/// To seven digits, which is more than a screen shows: reports stay small.
private func rounded(_ value: Double) -> Double {
    guard value.isFinite, value != 0 else { return value }
    return Double(String(format: "%.7g", value)) ?? value
}

extension JSON {
    /// The value in one line that may stand within a script element: nothing in it ends that element.
    var scriptText: String { text.replacing("<", with: "\\u003c").replacing("&", with: "\\u0026") }
}
