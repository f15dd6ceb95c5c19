import Testing

@Suite struct WordsTests {
    private func file(_ text: String, _ path: String = "docs/a.md") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test(arguments: Words.unfinished) func promisesOfWorkAreCaught(_ word: String) {
        let found = Words.unfinishedWork(file("a\n// \(word): later\n"))
        #expect(found.map(\.line) == [2])
        #expect(found.first?.description.hasPrefix("docs/a.md:2: `\(word)`") == true)
        #expect(Words.unfinishedWork(file("mktemp /tmp/a.\(word)\(word) z\(word)\n")).isEmpty)
    }

    @Test func capitalsOfAPhraseDoNotHideIt() {
        #expect(Words.unfinishedWork(file("Not " + "Implemented\n")).count == 1)
        #expect(Words.unfinishedWork(file("to do, fix me\n")).isEmpty)
    }

    @Test(arguments: Words.machineFolders) func foldersOfOneMachineAreCaught(_ folder: String) {
        for line in ["cd \(folder)/main", "path: \"\(folder)\"", "(\(folder))"] {
            #expect(Words.machinePaths(file("a\n\(line)\n")).map(\.line) == [2], "\(line)")
        }
        for line in [
            "a\(folder)/b", "\(folder)ing/b", "..\(folder)/b", "$HOME\(folder)", "~\(folder)", "${root}\(folder)",
        ] {
            #expect(Words.machinePaths(file("\(line)\n")).isEmpty, "\(line)")
        }
    }

    @Test func aMissingNewlineIsCaught() {
        #expect(Words.newlineAtEnd(file("a\nb")).map(\.line) == [2])
        #expect(Words.newlineAtEnd(file("a\nb\n")).isEmpty)
        #expect(Words.newlineAtEnd(file("")).isEmpty)
    }

    @Test func aPageHasOneTitle() {
        #expect(Words.oneTitle(file("# A\n\n## B\n\n```\n# a comment\n```\n")).isEmpty)
        #expect(Words.oneTitle(file("# A\n\n# B\n")).map(\.line) == [3])
        #expect(Words.oneTitle(file("A\n")).map(\.line) == [1])
        #expect(Words.oneTitle(file("A\n", "a.txt")).isEmpty)
    }
}
