import Configuration
import Records

/// A page of results that needs nothing beside itself, no network either.
public struct HTMLPage: Sendable {
    /// The heading.
    public var title: String
    /// What a reader should know before anything else, such as what is missing: a sentence each, without its stop.
    public var remarks: [String]
    /// What `section` made, one behind the other.
    public var sections: Markup
    /// A line at the end: what the page was made from.
    public var footer: String

    var assets = ReportAssets.embedded
    /// Behind everything, what runs in the page.
    var scripts: Markup = ""

    /// A page of still pictures and tables.
    public init(title: String, remarks: [String] = [], sections: Markup, footer: String) {
        self.title = title
        self.remarks = remarks
        self.sections = sections
        self.footer = footer
    }

    /// A section under its title; nothing where it has no content.
    public static func section(_ title: String, _ content: Markup) -> Markup {
        content.text.isEmpty ? "" : "<section>\n<h2>\(title)</h2>\n\(content)</section>\n"
    }

    /// Panels side by side as far as the screen is wide enough.
    public static func panels(_ panels: [Panel]) -> Markup {
        panels.isEmpty ? "" : "<div class=\"charts\">\n\(panels.map(\.markup))</div>\n"
    }

    /// By this a page is known to be one of ours.
    static let mark = "<meta name=\"generator\" content=\"murmur"

    /// Nothing is fetched; only what stands in the page itself runs.
    private static let policy =
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

    var html: String {
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            \(Markup(html: Self.mark)) \(murmurVersion)">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>
            \(Markup(html: assets.chartStyle))
            \(Markup(html: assets.style))</style>
            </head>
            <body>
            <header>
            <h1>\(title)</h1>
            \(remarks.map { "<p class=\"remark\">Note: \($0).</p>\n" as Markup })</header>
            <main>
            \(sections)</main>
            <footer>\(footer)</footer>
            \(scripts)</body>
            </html>

            """
        return page.text
    }
}
