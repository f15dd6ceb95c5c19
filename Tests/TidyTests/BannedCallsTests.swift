import Testing

@Suite struct BannedCallsTests {
    private func lines(_ text: String, in path: String) -> [Int] {
        BannedCalls.check(SourceFile(path: path, text: text)).map(\.line).sorted()
    }

    /// Every rule catches its own words where it looks for them, and names the file, the line and the replacement.
    @Test func everyRuleCatchesItsCall() throws {
        for rule in BannedCalls.all {
            let place = try #require(rule.places.first { !rule.allowed.contains($0) })
            let isOpen = rule.words.hasSuffix("(") || rule.words.hasSuffix("in:")
            let text = "\n_ = [a] \(rule.words)\(isOpen ? "1)" : " ")\n"
            let spaced = rule.words.hasPrefix(".") ? text.replacing("] .", with: "].") : text
            let path = (place == "Sources/" ? "Sources/Gossip/" : place) + "Planted.swift"
            let found = BannedCalls.check(SourceFile(path: path, text: spaced))
            #expect(
                found.contains {
                    $0.description.hasPrefix("\(path):2: `\(rule.words)`") && $0.message.contains(rule.instead)
                },
                "\(rule.words) is not caught in \(path)")
        }
    }

    @Test(arguments: [
        ("let now = Date()", "Sources/Gossip/A.swift"), ("let now = Date()", "Tests/GossipTests/A.swift"),
        ("let c = ContinuousClock.now", "Sources/Simulator/A.swift"), ("Thread.sleep(1)", "Tests/RuntimeTests/A.swift"),
        ("let a = Int.random(in: 0..<(1 + b))", "Sources/Datasets/A.swift"),
        ("a.shuffled()", "Sources/Datasets/A.swift"),
        ("let a = flags.randomElement()", "Sources/Gossip/A.swift"), ("print(\"a\")", "Sources/Training/A.swift"),
        ("print(\"a\")", "Sources/murmur/A.swift"),
        ("Task { await a() }", "Sources/Training/A.swift"), ("Task.detached { }", "Tests/RuntimeTests/A.swift"),
        ("fatalError(\"a\")", "Sources/murmur/A.swift"), ("let a = try! b()", "Tests/GossipTests/A.swift"),
        ("public import Foundation", "Sources/Vectors/A.swift"), ("let a = \"\\(Date())\"", "Sources/Gossip/A.swift"),
    ])
    func plantedCallsAreCaught(_ text: String, _ path: String) {
        #expect(lines("let before = 1\n\(text)\n", in: path) == [2])
    }

    @Test(arguments: [
        ("let a = Int.random(in: 0..<(1 + b), using: &stream)", "Sources/Datasets/A.swift"),
        ("a.shuffled(using: &stream)", "Sources/Datasets/A.swift"), ("let now = Date()", "Sources/Training/A.swift"),
        ("let c: ContinuousClock", "Sources/InProcessTransport/A.swift"), ("try put(1)", "Sources/murmur/A.swift"),
        ("Task { }", "Sources/murmur/A.swift"), ("import Foundation", "Sources/Datasets/A.swift"),
        ("// print(1), Date()", "Sources/Gossip/A.swift"), ("let a = \"fatalError(\"", "Sources/Gossip/A.swift"),
        ("table.print(1)", "Sources/Training/A.swift"), ("func print(_ a: Int)", "Sources/Training/A.swift"),
        ("stream.shuffle(&items)", "Sources/Datasets/A.swift"), ("blueprint(1)", "Sources/Gossip/A.swift"),
        ("func update() {}; struct Update() {}", "Sources/Gossip/A.swift"),
        ("let b = try b()", "Sources/Gossip/A.swift"),
    ])
    func whatIsWellPasses(_ text: String, _ path: String) {
        #expect(lines(text, in: path) == [])
    }
}
