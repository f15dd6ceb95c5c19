/// A published table that is made again: which runs, at which scale, what was published beside them, and what ought to
/// hold.
public struct Reproduction: Sendable {
    /// By which it is asked for.
    public let name: String
    /// Its heading.
    public let title: String
    /// What is reproduced: authors, title, where, when.
    let source: String
    let host: RunHost
    let scales: [Scale]
    let tables: [Table]
    let claims: [Claim]
    /// What a reader should know: what the published code did, why figures may differ.
    let reading: String

    /// How much of the paper's own setting is run.
    struct Scale: Sendable {
        let name: String
        /// What all runs have.
        let settings: [String]
        /// Runs of each row, by the seeds 1, 2 and so on.
        let seeds: Int
        /// What is smaller than in the paper; empty for nothing.
        let smaller: String
    }

    struct Table: Sendable {
        let name: String
        let title: String
        let note: String
        let settings: [String]
        let scales: [String: TableScale]
        let measures: [Measure]
        /// Ways to run each row, each with columns of its own; one without a name where there is but one.
        let variants: [Variant]
        let rows: [Row]
        let figures: [FigureRequest]
    }

    /// What is the table's own at a scale.
    struct TableScale: Sendable {
        let settings: [String]
        /// In what each row is run several times.
        let axes: [SettingAxis]
    }

    struct Variant: Sendable {
        let name: String
        let settings: [String]
    }

    struct Row: Sendable {
        let name: String
        let settings: [String]
        /// What its runs have in a variant, by its name.
        let variants: [String: [String]]
        /// The scales at which it is run.
        let scales: [String]
        /// What was published, by the heading of its column.
        let published: [(heading: String, text: String)]
    }

    /// A figure of a table's runs.
    struct FigureRequest: Sendable {
        let measure: CourseMeasure
        let axis: CourseAxis
        /// The rows to draw; nil for all.
        let rows: [String]?
        /// Whether numbers are drawn by their magnitudes.
        let isLogarithmic: Bool
    }
}
