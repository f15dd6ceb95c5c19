import Testing

/// The rules, held against the repository itself.
@Suite struct RepositoryTests {
    @Test func theWholeTreeIsSeen() throws {
        let paths = Set(try Repository.here.files().map(\.path))
        let expected = [
            "Package.swift", "LICENSE", "CONTRIBUTING.md", "docs/architecture.md", "script/test", ".ci/run",
            "Sources/Randomness/RandomStream.swift", "Sources/COneDNN/include/conednn.h",
            "Tests/TidyTests/RepositoryTests.swift",
        ]
        for path in expected {
            #expect(paths.contains(path), "\(path) escapes the tidy rules")
        }
        #expect(!paths.contains { $0.hasPrefix(".build") || $0.hasPrefix(".git/") })
    }

    @Test(arguments: Rule.all) func holds(_ rule: Rule) throws {
        let complaints = try Repository.here.files().flatMap(rule.check)
        for complaint in complaints {
            Issue.record("\(complaint)")
        }
    }

    @Test func theMiddleAlgorithmIsAPage() throws {
        let count = Lengths.middleAlgorithm(try Repository.here.files())
        #expect(count > 0 && count <= Lengths.middleAlgorithmLimit, "\(count) lines of code in the middle algorithm")
    }

    @Test func publicDeclarationsSayWhatTheyAre() throws {
        for complaint in Docstrings.check(try Repository.here.files()) {
            Issue.record("\(complaint)")
        }
    }

    @Test func typesAreFoundByTheNameOfTheirFile() throws {
        let (share, elsewhere) = Types.share(try Repository.here.files())
        #expect(share >= Types.leastShare, "\(elsewhere.map(\.description).joined(separator: "\n"))")
    }

    @Test func noFolderIsFull() throws {
        for complaint in Folders.check(try Repository.here.files()) { Issue.record("\(complaint)") }
    }

    @Test func testsOfEveryFolderAreBuilt() throws {
        let package = try Repository.here.text("Package.swift")
        for name in try Repository.here.names(in: "Tests") where name.hasSuffix("Tests") {
            #expect(package.contains("\"\(name)\""), "Tests/\(name) is no target in Package.swift, so nobody runs it")
        }
    }

    @Test func scriptsCanBeRun() throws {
        for file in try Repository.here.files() {
            let isExecutable = Repository.here.isExecutable(file.path)
            for complaint in Headers.script(file, isExecutable: isExecutable) {
                Issue.record("\(complaint)")
            }
        }
    }

    @Test func theArchitecturePageShowsTheArrowsOfThePackage() throws {
        let package = arrows(inPackage: try Repository.here.text("Package.swift"))
        let page = arrows(inPage: try Repository.here.text("docs/architecture.md"))
        for difference in differences(package: package, page: page) {
            Issue.record("docs/architecture.md: \(difference)")
        }
    }

    @Test func everySourceFolderIsAModuleOfThePackage() throws {
        let package = arrows(inPackage: try Repository.here.text("Package.swift"))
        // What tests share lies among the tests.
        #expect(try Repository.here.names(in: "Sources") == package.keys.filter { $0 != "TestKit" }.sorted())
        #expect(try Repository.here.names(in: "Tests").contains("TestKit") && package["TestKit"] != nil)
    }

    /// Places that a rule spares must exist, so that no allowance outlives its reason.
    @Test func allowedPlacesExist() throws {
        let paths = try Repository.here.files().map(\.path)
        for place in Set(UnsafeCode.homes + BannedCalls.all.flatMap(\.allowed)) where place.hasPrefix("Sources/") {
            #expect(paths.contains { $0.hasPrefix(place) }, "no file at \(place)")
        }
    }
}

/// A rule by name, so that a failure says which habit was broken.
struct Rule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let check: @Sendable (SourceFile) -> [Complaint]

    static let all = [
        Rule(testDescription: "files are short", check: Lengths.file),
        Rule(testDescription: "algorithms are short", check: Lengths.algorithm),
        Rule(testDescription: "functions are short", check: Lengths.functions),
        Rule(testDescription: "lines are short", check: Lengths.lines),
        Rule(testDescription: "no banned call", check: BannedCalls.check),
        Rule(testDescription: "unsafe code stays at home", check: UnsafeCode.check),
        Rule(testDescription: "nothing unfinished", check: Words.unfinishedWork),
        Rule(testDescription: "no path of one machine", check: Words.machinePaths),
        Rule(testDescription: "a newline ends every file", check: Words.newlineAtEnd),
        Rule(testDescription: "one title a page", check: Words.oneTitle),
        Rule(testDescription: "the field's words", check: FieldWords.check),
        Rule(testDescription: "algorithms name their paper", check: Headers.algorithm),
    ]
}
