import Testing

@testable import Comparisons

@Suite struct RunNameTests {
    @Test(arguments: ["../../etc", "-rf", ".hidden", "a b/c", "ä\u{1B}[2J", "", "con|x;y$(z)", "…"])
    func noTextLeavesTheFolder(_ text: String) {
        let name = RunName.folder([text], settings: [text])
        #expect(!name.isEmpty)
        #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0)) })
        #expect(!name.hasPrefix(".") && !name.hasPrefix("-"))
    }

    @Test func otherSettingsAreAnotherRun() {
        let settings = [["a=1", "b=2"], ["a=1b=2"], ["a=1", "b=3"], ["b=2", "a=1"], []]
        #expect(Set(settings.map { RunName.folder(["run"], settings: $0) }).count == settings.count)
    }

    @Test func longNamesAreCut() {
        #expect(RunName.folder([String(repeating: "a", count: 500)], settings: []).count < 100)
    }
}
