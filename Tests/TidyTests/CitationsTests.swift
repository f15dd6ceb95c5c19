import Testing

/// What tests cite stands in the repository.
@Suite struct CitationsTests {
    @Test func everyCitedOracleStandsOnItsPage() throws {
        let known = headings(inPage: try Repository.here.text("docs/oracles.md"))
        let files = try Repository.here.files().filter(\.isSwift)
        let cited = files.flatMap { file in citedOracles(in: file).map { (file, $0.line, $0.heading) } }
        for (file, line, heading) in cited where !known.contains(heading) {
            Issue.record("\(file.path):\(line): docs/oracles.md has no heading '\(heading)'")
        }
        for heading in known where !cited.contains(where: { $0.2 == heading }) {
            Issue.record("docs/oracles.md: no test compares with '\(heading)'; add one, or take it out")
        }
    }

    /// A text that is not in the repository proves nothing to its reader.
    @Test func nothingElseIsCited() throws {
        let words = "the " + "reference, section"
        for file in try Repository.here.files() where file.text.lowercased().contains(words) {
            Issue.record("\(file.path): cites '\(words)'; cite a heading of docs/oracles.md, or the paper")
        }
    }

    @Test func citationsAreFoundInAFile() {
        let file = SourceFile(
            path: "x.swift", text: "a\n/// docs/oracles" + ".md, \"Spectra\", and docs/oracles" + ".md, \"A trace\".\n")
        let found = citedOracles(in: file)
        #expect(found.map(\.heading) == ["Spectra", "A trace"])
        #expect(found.map(\.line) == [2, 2])
        #expect(headings(inPage: "# A page\n## One\ntext\n### Two\n## Three\n") == ["One", "Three"])
    }
}
