/// What a file cites of docs/oracles.md, by the page, a comma and the heading between quotation marks; with the lines.
func citedOracles(in file: SourceFile) -> [(line: Int, heading: String)] {
    let page = "docs/oracles" + ".md, \""
    return file.lines.enumerated().flatMap { index, line in
        line.ranges(of: page).map { (index + 1, String(line[$0.upperBound...].prefix { $0 != "\"" })) }
    }
}

/// The headings of a page below its title.
func headings(inPage page: String) -> [String] {
    page.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
}
