import Testing

@Suite struct UnsafeCodeTests {
    private func messages(_ text: String, in path: String) -> [String] {
        UnsafeCode.check(SourceFile(path: path, text: text)).map(\.description)
    }

    @Test(arguments: [
        "let a: UnsafePointer<Float>", "let a: UnsafeMutableRawBufferPointer", "values.withUnsafeBytes { }",
        "Unmanaged.passRetained(a)", "unsafeBitCast(a, to: Int.self)",
        "// It holds because.\nfinal class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1 // one thread",
    ])
    func unsafeCodeAwayFromHomeIsCaught(_ text: String) {
        let line = text.split(separator: "\n").count
        let found = messages(text, in: "Sources/Gossip/A.swift")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("Sources/Gossip/A.swift:\(line): ") == true)
        #expect(messages(text, in: "Sources/Vectors/A.swift").isEmpty)
    }

    @Test func aSilencedCheckNeedsAReasonEvenAtHome() {
        let bare = "let a = 1\n@frozen\nstruct A: @unchecked Sendable {}\n"
        #expect(
            messages(bare, in: "Sources/Vectors/A.swift") == [
                "Sources/Vectors/A.swift:3: `@unchecked Sendable` without a comment above it; say why it holds"
            ])
        let explained = "/// Holds since no one else has it.\n@frozen\nstruct A: @unchecked Sendable {}\n"
        #expect(messages(explained, in: "Sources/Vectors/A.swift").isEmpty)
    }

    @Test func namesThatOnlySoundUnsafePass() {
        #expect(messages("let unsafety = isUnsafe // UnsafePointer\n", in: "Sources/Gossip/A.swift").isEmpty)
    }
}
