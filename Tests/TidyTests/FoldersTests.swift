import Testing

@Suite struct FoldersTests {
    @Test func aFullFolderIsNamed() {
        let files = (0...Folders.limit).map { SourceFile(path: "Sources/A/B/\($0).swift", text: "") }
        #expect(
            Folders.check(files) == [
                "Sources/A/B has 16 files, at most 15 are allowed; give what belongs together a folder"
            ])
        #expect(Folders.check(Array(files.dropLast())).isEmpty)
    }
}
