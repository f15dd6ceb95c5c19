/// A table, in a frame of its own that scrolls where the screen is narrower.
public struct HTMLTable: Sendable, Hashable {
    /// What the table shows.
    public var caption: String
    /// The heading of each column.
    public var header: [String]
    /// Each row begins with what it is about.
    public var rows: [[String]]
    /// How many columns at the left hold words; the others hold numbers.
    public var words: Int

    /// A table of texts.
    public init(caption: String, header: [String], rows: [[String]], words: Int = 1) {
        self.caption = caption
        self.header = header
        self.rows = rows
        self.words = words
    }

    /// The table as a part of a page.
    public var markup: Markup {
        """
        <div class="scroll" tabindex="0" role="group" aria-label="\(caption)"><table>
        <caption>\(caption)</caption>
        <thead><tr>\(header.enumerated().map(heading))</tr></thead>
        <tbody>
        \(rows.map(row))</tbody></table></div>

        """
    }

    private func heading(_ column: Int, _ text: String) -> Markup {
        column < words ? "<th scope=\"col\" class=\"word\">\(text)</th>" : "<th scope=\"col\">\(text)</th>"
    }

    private func row(_ cells: [String]) -> Markup {
        let cells = cells.enumerated().map { column, text -> Markup in
            if column == 0 { return "<th scope=\"row\" class=\"word\">\(text)</th>" }
            return column < words ? "<td class=\"word\">\(text)</td>" : "<td>\(text)</td>"
        }
        return "<tr>\(cells)</tr>\n"
    }
}
