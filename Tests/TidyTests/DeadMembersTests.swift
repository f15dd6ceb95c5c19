import Testing

@Suite struct DeadMembersTests {
    private func found(_ text: String) -> [Int] {
        DeadMembers.found(in: [SourceFile(path: "Sources/A/B.swift", text: text)]).map(\.complaint.line)
    }

    @Test(arguments: [
        "func dead() {}", "var dead = 1", "let dead = 1", "case dead", "struct dead {}", "class dead {}",
        "enum dead {}", "protocol dead {}", "typealias dead = Int", "public static func `dead`() {}",
        "class var dead: Int { 1 }",
    ])
    func aNameThatStandsOnceIsDead(_ text: String) {
        #expect(found("\n" + text + "\n") == [2])
        #expect(found(text + "\n/// dead\nlet _ = \"dead\" + redead") == [1])
        #expect(found(text + "\ndead()").isEmpty)
        #expect(found(text + "\nprint(\"a \\(dead)\")").isEmpty)
    }

    @Test(arguments: ["case .dead: 1", "case dead: 1", "dead()", "f(dead: 1)", "let (a, b) = dead"])
    func whatIsNotDeclaredIsNotDead(_ text: String) {
        #expect(found(text).isEmpty)
    }

    @Test func aNameMayBeUsedInAnotherFileOfSources() {
        let file = SourceFile(path: "Sources/A/B.swift", text: "let alive = 1\n")
        #expect(DeadMembers.found(in: [file, SourceFile(path: "Sources/C/D.swift", text: "f(alive)\n")]).isEmpty)
        #expect(DeadMembers.found(in: [file, SourceFile(path: "Tests/C/D.swift", text: "f(alive)\n")]).count == 1)
    }

    /// Nor is a name spared that is gone, or that something in Sources calls by now.
    @Test func nothingIsDead() throws {
        let found = DeadMembers.found(in: try Repository.here.files())
        for (name, complaint) in found where !DeadMembers.spared.contains(name) { Issue.record("\(complaint)") }
        #expect(DeadMembers.spared.subtracting(found.map(\.name)).isEmpty)
    }
}
