import Testing

@Suite struct FieldWordsTests {
    private func lines(_ text: String, _ path: String) -> [Int] {
        FieldWords.check(SourceFile(path: path, text: text)).map(\.line)
    }

    @Test func wordsOfThisProjectAloneAreCaught() {
        #expect(lines("a\n/// The newcomer waits.\n", "Sources/Gossip/A.swift") == [2])
        #expect(lines("waits for ever\n", "docs/a.md") == [1])
        #expect(lines("let Witness = 1\n", "Sources/A.swift") == [1])
    }

    @Test func longerWordsRecordsAndTestsAreLeftAlone() {
        #expect(lines("centred, newcomersX, concentrate\n", "Sources/Gossip/A.swift").isEmpty)
        #expect(lines("fields.append((\"centre\", value))\n", "Sources/Records/A.swift").isEmpty)
        #expect(lines("newcomer\n", "Tests/A.swift").isEmpty)
        #expect(lines("newcomer\n", "docs/results/a.md").isEmpty)
    }
}
