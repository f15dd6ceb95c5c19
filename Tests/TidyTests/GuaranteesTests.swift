import Testing

/// docs/guarantees.md names the test that holds each promise; a promise whose test is gone is none.
@Suite struct GuaranteesTests {
    @Test func everyNamedTestExists() throws {
        let files = try Repository.here.files().filter { $0.path.hasPrefix("Tests/") && $0.path.hasSuffix(".swift") }
        let existing = Set(files.flatMap { tests(inFile: $0.text) })
        let named = namedTests(inPage: try Repository.here.text("docs/guarantees.md"))
        #expect(named.count >= 30)
        for test in named where !existing.contains(test) {
            Issue.record("docs/guarantees.md: there is no test \(test)")
        }
    }

    @Test func namesAreFoundOnAPage() {
        let page =
            "| a crash | `simulation.faults` | `ChurnTests/aPeerComesBack`, `Sources/Runtime` |\n`NodeTests/x` ok"
        #expect(namedTests(inPage: page) == ["ChurnTests/aPeerComesBack", "NodeTests/x"])
    }

    @Test func testsAreFoundInAFile() {
        let file = """
            @Suite struct ChurnTests {
                @Test(arguments: [1, 2]) func aPeerComesBack(isTorn: Bool) throws {}
                @Test func another() {}
            }
            """
        #expect(tests(inFile: file) == ["ChurnTests/aPeerComesBack", "ChurnTests/another"])
        #expect(tests(inFile: "func alone() {}") == [])
    }
}
