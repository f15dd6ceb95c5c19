public import Reports

/// What the runs of a reproduction came to.
public struct ReproductionResults: Sendable {
    /// The runs.
    public let plan: ReproductionPlan
    private let outcomes: [String: RunOutcome]

    /// - Parameter outcomes: those of the plan's `runs`, in their order.
    public init(_ plan: ReproductionPlan, _ outcomes: [RunOutcome]) {
        self.plan = plan
        self.outcomes = Dictionary(zip(plan.runs.map(\.name), outcomes)) { first, _ in first }
    }

    /// All runs that are over.
    var finished: [FinishedRun] { plan.runs.compactMap { outcomes[$0.name]?.finished } }

    /// Whether all runs are over.
    public var isWhole: Bool { finished.count == plan.runs.count }

    /// What became of some runs.
    func outcomes(of runs: [PlannedRun]) -> [RunOutcome] { runs.map { outcomes[$0.name] ?? .missing($0) } }

    /// A table with what was published beside it.
    func table(_ planned: ReproductionPlan.PlannedTable) -> ComparisonTable {
        let table = planned.table
        var besides: [String] = []
        for heading in planned.rows.flatMap({ $0.row.published.map(\.heading) }) where !besides.contains(heading) {
            besides.append(heading)
        }
        let columns = table.measures.flatMap { measure in
            table.variants.map { ComparisonTable.Column(measure: measure, suffix: $0.name) }
        }
        let rows = planned.rows.map { row in
            let runs = row.variants.map(outcomes(of:))
            return ComparisonTable.Row(
                labels: [row.name],
                cells: table.measures.flatMap { measure in runs.map(measure.spread) },
                besides: besides.map { heading in row.row.published.first { $0.heading == heading }?.text ?? "" },
                remarks: runs.flatMap { $0.compactMap(\.remark) })
        }
        return ComparisonTable(labels: [""], columns: columns, besides: besides, rows: rows)
    }

    /// The figures that the file of the experiments asks for.
    public var figures: [Figure] { plan.tables.flatMap(figures(of:)) }

    private func figures(of planned: ReproductionPlan.PlannedTable) -> [Figure] {
        panels(of: planned).enumerated().map { index, panel in
            Figure(name(of: index, planned), title: planned.table.title, panels: [panel])
        }
    }

    /// A panel for each figure that is asked for.
    func panels(of planned: ReproductionPlan.PlannedTable) -> [Panel] {
        planned.table.figures.map { request in
            CourseCurve.panel(
                curves(of: planned, rows: request.rows), request.measure, against: request.axis,
                isLogarithmic: request.isLogarithmic)
        }
    }

    private func curves(of planned: ReproductionPlan.PlannedTable, rows: [String]?) -> [CourseCurve] {
        planned.rows.filter { rows?.contains($0.row.name) ?? true }.flatMap { row in
            zip(planned.table.variants, row.variants).map { variant, runs in
                CourseCurve(
                    label: [row.name, variant.name].filter { !$0.isEmpty }.joined(separator: ", "),
                    runs: outcomes(of: runs).compactMap(\.finished))
            }
        }
    }

    /// The picture files of the figures, and whose tables they are.
    public var pictures: [(table: String, file: String)] {
        plan.tables.flatMap { planned in
            planned.table.figures.indices.map { (planned.table.name, "\(name(of: $0, planned)).svg") }
        }
    }

    private func name(of index: Int, _ planned: ReproductionPlan.PlannedTable) -> String {
        let request = planned.table.figures[index]
        return [plan.reproduction.name, planned.table.name, request.measure.rawValue, request.axis.rawValue]
            .joined(separator: "-").replacing("_", with: "-")
    }

    /// What became of each claim.
    var verdicts: [(claim: Claim, verdict: Claim.Verdict)] {
        plan.reproduction.claims.map { claim in
            let verdict = claim.verdict { table, row, variant in
                guard let planned = plan.tables.first(where: { $0.table.name == table }),
                    let place = planned.table.variants.firstIndex(where: { $0.name == variant }),
                    let row = planned.rows.first(where: { $0.name == row })
                else { return [] }
                return outcomes(of: row.variants[place])
            }
            return (claim, verdict)
        }
    }
}
