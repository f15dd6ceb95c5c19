import Foundation
public import Reports

extension ReproductionPage {
    /// The page as one file to send on, its figures within it.
    public var html: HTMLPage {
        let source: Markup =
            "\(paragraphs(results.plan.reproduction.source))\(facts.map { "<p>\(code($0))</p>\n" as Markup })"
        let tables = results.plan.tables.filter { !$0.rows.isEmpty }.map { planned -> Markup in
            let panels = results.panels(of: planned).filter { !$0.curves.isEmpty }
            let remarks = results.table(planned).rows.flatMap(\.remarks).map { "<li>\($0)</li>\n" as Markup }
            return HTMLPage.section(
                planned.table.title.isEmpty ? "Runs" : planned.table.title,
                "\(paragraphs(planned.table.note))\(results.table(planned).markup)<ul>\(remarks)</ul>\n"
                    + HTMLPage.panels(panels))
        }
        let claims = claims.map { "<li><b>\($0.verdict)</b> \(code($0.sentence))</li>\n" as Markup }
        let reading = results.plan.reproduction.reading
        return HTMLPage(
            title: results.plan.reproduction.title, remarks: [],
            sections: HTMLPage.section("What this is", source) + "\(tables)"
                + (claims.isEmpty ? "" : HTMLPage.section("What is claimed", "<ul>\n\(claims)</ul>\n"))
                + (reading.isEmpty ? "" : HTMLPage.section("How to read it", paragraphs(reading))),
            footer: "Written by \(command).")
    }

    /// Texts with a blank line between them, a paragraph each.
    private func paragraphs(_ text: String) -> Markup {
        let parts = text.split(separator: "\n\n").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        return "\(parts.filter { !$0.isEmpty }.map { "<p>\(code($0))</p>\n" as Markup })"
    }

    /// A text in which what stands between backticks is code.
    private func code(_ text: String) -> Markup {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        return "\(parts.enumerated().map { $0.isMultiple(of: 2) ? "\($1)" as Markup : "<code>\($1)</code>" })"
    }
}
