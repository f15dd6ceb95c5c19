/// Rows of texts in aligned columns.
struct Table {
    enum Alignment { case left, right }

    var columns: [Alignment]
    var rows: [[String]] = []

    /// The rows as lines, two spaces between columns, nothing behind the last.
    var text: String {
        let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = columns.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return columns[column] == .left ? row[column] + padding : padding + row[column]
            }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
