import Foundation

/// Runs beside each other: a row for each setting, a column for each measure, over seeds in the mean.
public struct ComparisonTable: Sendable {
    /// A column of numbers.
    struct Column: Sendable {
        let measure: Measure
        /// Beside the measure's own; empty for none.
        var suffix = ""

        var title: String { suffix.isEmpty ? measure.title : "\(measure.title), \(suffix)" }
    }

    /// A row: what it is, and its numbers.
    struct Row: Sendable {
        /// A text for each of `labels`.
        let labels: [String]
        /// One for each of `columns`; nil where no run has ended.
        let cells: [Spread?]
        /// What others have published beside it, a text for each of `besides`.
        var besides: [String] = []
        /// What went wrong in its runs; empty where nothing did.
        var remarks: [String] = []
    }

    /// Headings of the columns that say what a row is.
    let labels: [String]
    let columns: [Column]
    /// Headings of the columns with what others have published.
    var besides: [String] = []
    var rows: [Row]

    /// A table of rows, each of runs that differ in their seeds alone.
    ///
    /// - Parameters:
    ///   - labels: the headings of what says which row it is.
    ///   - rows: its texts, and its runs.
    init(labels: [String], measures: [Measure], rows: [(labels: [String], runs: [RunOutcome])]) {
        self.labels = labels
        columns = measures.map { Column(measure: $0) }
        self.rows = rows.map { row in
            Row(
                labels: row.labels, cells: measures.map { $0.spread(over: row.runs) },
                remarks: row.runs.compactMap(\.remark))
        }
    }

    init(labels: [String], columns: [Column], besides: [String], rows: [Row]) {
        self.labels = labels
        self.columns = columns
        self.besides = besides
        self.rows = rows
    }

    /// Whether the number of a row is the best of its measure, by the mean; of one number alone that says nothing.
    func isBest(row: Int, column: Int) -> Bool {
        let better = columns[column].measure.better
        let means = rows.map { $0.cells[column]?.mean }
        guard better != .neither, let mean = means[row], means.compactMap(\.self).count > 1 else { return false }
        let others = means.compactMap(\.self)
        return mean == (better == .higher ? others.max() : others.min()) && others.min() != others.max()
    }

    /// The cell as text.
    func text(row: Int, column: Int) -> String {
        rows[row].cells[column]?.text(columns[column].measure.form) ?? "–"
    }
}

extension Measure {
    /// Its numbers in runs that differ in their seeds alone; nil where none has ended.
    func spread(over runs: [RunOutcome]) -> Spread? {
        var values: [Double?] = []
        for run in runs {
            switch run {
            case .finished(let run): values.append(run.isDiverged && isJudged ? nil : value(in: run))
            case .failed: values.append(nil)
            case .missing: break
            }
        }
        return values.isEmpty ? nil : Spread(values: values)
    }

    /// Whether it is about how good a model is, of which a diverged run has none.
    private var isJudged: Bool { ["accuracy", "accuracy_mean", "accuracy_min", "loss"].contains(name) }
}
