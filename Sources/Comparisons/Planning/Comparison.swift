public import Reports

/// What a sweep came to: a table, a figure and a page.
public struct Comparison: Sendable {
    /// A row for each setting.
    public let table: ComparisonTable
    private let curves: [CourseCurve]
    private let runs: [RunOutcome]

    /// - Parameter outcomes: those of the sweep's `runs`, in their order.
    public init(_ sweep: Sweep, _ outcomes: [RunOutcome], measures: [Measure]) {
        var rest = outcomes[...]
        let rows = sweep.rows.map { row in
            defer { rest = rest.dropFirst(row.runs.count) }
            return (labels: row.labels, runs: Array(rest.prefix(row.runs.count)))
        }
        table = ComparisonTable(labels: sweep.labels, measures: measures, rows: rows)
        curves = rows.map { row in
            CourseCurve(label: row.labels.joined(separator: ", "), runs: row.runs.compactMap(\.finished))
        }
        runs = outcomes
    }

    private var panels: [Panel] {
        [
            CourseCurve.panel(curves, .accuracy, against: .seconds),
            CourseCurve.panel(curves, .accuracy, against: .samples),
            CourseCurve.panel(curves, .consensusDistance, against: .samples, isLogarithmic: true),
        ].filter { !$0.curves.isEmpty }
    }

    /// The figure: accuracy against time and samples, and how far the peers are apart. None where nothing was tested.
    public var figures: [Figure] {
        panels.isEmpty ? [] : [Figure("comparison", title: "", panels: panels)]
    }

    /// The page with both.
    public var page: HTMLPage {
        HTMLPage(
            title: "\(table.rows.count) settings compared", remarks: runs.compactMap(\.remark),
            sections: HTMLPage.section("Runs", table.markup) + HTMLPage.section("Course", HTMLPage.panels(panels)),
            footer: "Written by murmur from the records of \(runs.count) runs.")
    }
}
