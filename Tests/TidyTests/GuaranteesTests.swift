import Testing

/// docs/guarantees.md names the test that holds each promise; a promise whose test is gone is none.
@Suite struct GuaranteesTests {
    @Test func everyNamedTestExists() throws {
        let files = try Repository.here.files()
        let swift = files.filter { $0.path.hasPrefix("Tests/") && $0.path.hasSuffix(".swift") }
        let python = files.filter { $0.path.hasPrefix("python/tests/") && $0.path.hasSuffix(".py") }
        let existing = Set(
            swift.flatMap { tests(inFile: $0.text) } + python.flatMap { tests(inPythonFile: $0.text, $0.path) })
        let named = namedTests(inPage: try Repository.here.text("docs/guarantees.md"))
        #expect(named.count >= 30)
        for test in named where !existing.contains(test) {
            Issue.record("docs/guarantees.md: there is no test \(test)")
        }
    }

    @Test func namesAreFoundOnAPage() {
        let page =
            "| a crash | `simulation.faults` | `ChurnTests/aPeerComesBack`, `Sources/Runtime` |\n`NodeTests/x` ok, "
            + "`python/test_b.py::test_c`"
        #expect(namedTests(inPage: page) == ["ChurnTests/aPeerComesBack", "NodeTests/x", "python/test_b.py::test_c"])
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

    @Test func testsAreFoundInAFileOfPython() {
        let file = """
            def test_a_death(launch: Launch) -> None:
                def test_inner() -> None: ...

            def helper() -> None: ...
            """
        #expect(tests(inPythonFile: file, "a/test_b.py") == ["a/test_b.py::test_a_death"])
    }
}
