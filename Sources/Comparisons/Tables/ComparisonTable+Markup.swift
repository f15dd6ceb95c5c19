import Reports

extension ComparisonTable {
    /// The table as a part of a page, the best of each measure in bold.
    var markup: Markup {
        let words = labels.map { "<th scope=\"col\" class=\"word\">\($0)</th>" as Markup }
        let head = words + (columns.map(\.title) + besides).map { "<th scope=\"col\">\($0)</th>" as Markup }
        let body = rows.indices.map { row -> Markup in
            let names = rows[row].labels.map { "<th scope=\"row\" class=\"word\">\($0)</th>" as Markup }
            let cells = columns.indices.map { column -> Markup in
                let text = text(row: row, column: column)
                return isBest(row: row, column: column) ? "<td><b>\(text)</b></td>" : "<td>\(text)</td>"
            }
            let besides = rows[row].besides.map { "<td>\($0)</td>" as Markup }
            return "<tr>\(names + cells + besides)</tr>\n"
        }
        return """
            <div class="scroll" tabindex="0"><table>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body)</tbody>
            </table></div>

            """
    }
}
