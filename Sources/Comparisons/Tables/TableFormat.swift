import Foundation

/// A way to write a table down.
public enum TableFormat: String, Sendable, CaseIterable {
    /// Aligned columns for a terminal.
    case text
    case markdown
    /// A `tabular` of the package booktabs.
    case latex
    /// RFC 4180, a column for the mean and one for the deviation of each measure, numbers as they are.
    case csv

    /// The end of the name of such a file.
    public var fileExtension: String {
        switch self {
        case .text: "txt"
        case .markdown: "md"
        case .latex: "tex"
        case .csv: "csv"
        }
    }

    /// The table, with a line break at its end.
    public func text(of table: ComparisonTable) -> String {
        switch self {
        case .text: Self.aligned(table)
        case .markdown: Self.markdown(table)
        case .latex: Self.latex(table)
        case .csv: Self.csv(table)
        }
    }

    /// Headings and rows as texts; `emphasis` marks the best of each measure.
    private static func grid(
        _ table: ComparisonTable, escape: (String) -> String, emphasis: (String) -> String
    ) -> [[String]] {
        let head = (table.labels + table.columns.map(\.title) + table.besides).map(escape)
        let rows = table.rows.indices.map { row -> [String] in
            let cells = table.columns.indices.map { column -> String in
                let text = escape(table.text(row: row, column: column))
                return table.isBest(row: row, column: column) ? emphasis(text) : text
            }
            let besides = table.rows[row].besides.map(escape)
            return table.rows[row].labels.map(escape) + cells + besides
        }
        return [head] + rows
    }

    // MARK: Text

    private static func aligned(_ table: ComparisonTable) -> String {
        // Control characters would move the terminal's pen.
        let grid = grid(table, escape: printable) { "*\($0)" }
        let widths = grid[0].indices.map { column in grid.map { $0[column].count }.max() ?? 0 }
        return grid.map { row in
            let cells = row.enumerated().map { column, text -> String in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return column < table.labels.count ? text + padding : padding + text
            }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    // MARK: Markdown

    private static func markdown(_ table: ComparisonTable) -> String {
        let grid = grid(table, escape: escapedForMarkdown) { "**\($0)**" }
        let rule = grid[0].indices.map { $0 < table.labels.count ? "---" : "---:" }
        return ([grid[0], rule] + grid.dropFirst()).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
    }

    /// A text that means nothing to Markdown, HTML within it included.
    static func escapedForMarkdown(_ text: String) -> String {
        var escaped = ""
        for character in printable(text) {
            switch character {
            case "<": escaped += "&lt;"
            case "&": escaped += "&amp;"
            case "|", "*", "`", "[", "]", "\\", "_": escaped += "\\\(character)"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    // MARK: LaTeX

    private static func latex(_ table: ComparisonTable) -> String {
        let grid = grid(table, escape: escapedForLaTeX) { "\\textbf{\($0)}" }
        let lines = grid.map { $0.joined(separator: " & ") + " \\\\\n" }
        let form =
            String(repeating: "l", count: table.labels.count)
            + String(repeating: "r", count: grid[0].count - table.labels.count)
        return """
            \\begin{tabular}{\(form)}
            \\toprule
            \(lines[0])\\midrule
            \(lines.dropFirst().joined())\\bottomrule
            \\end{tabular}

            """
    }

    private static func escapedForLaTeX(_ text: String) -> String {
        var escaped = ""
        for character in printable(text) {
            switch character {
            case "&", "%", "$", "#", "_", "{", "}": escaped += "\\\(character)"
            case "~": escaped += "\\textasciitilde{}"
            case "^": escaped += "\\textasciicircum{}"
            case "\\": escaped += "\\textbackslash{}"
            case "<": escaped += "\\textless{}"
            case ">": escaped += "\\textgreater{}"
            case "±": escaped += "$\\pm$"
            case "–": escaped += "--"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    // MARK: CSV

    private static func csv(_ table: ComparisonTable) -> String {
        let head =
            table.labels
            + table.columns.flatMap { column -> [String] in
                let name = column.suffix.isEmpty ? column.measure.name : "\(column.measure.name) \(column.suffix)"
                return [name, "\(name) deviation"]
            } + table.besides
        let rows = table.rows.map { row in
            row.labels + row.cells.flatMap { [number($0?.mean), number($0?.deviation)] } + row.besides
        }
        return ([head] + rows).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

    /// A field by RFC 4180, in quotes where it needs them.
    private static func field(_ text: String) -> String {
        let needsQuotes = text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
        return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
