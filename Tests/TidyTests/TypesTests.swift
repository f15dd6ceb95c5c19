import Testing

@Suite struct TypesTests {
    private let file = SourceFile(
        path: "Sources/A/Node.swift",
        text: """
            /// struct Ghost
            public struct Node {
                struct Inner {}
            }
            private struct Hidden {}
            public final class Other {}
            extension Node {}
            """)

    @Test func typesAtTheTopAreFound() {
        #expect(Types.declared(in: file) == [.init(name: "Node", line: 2), .init(name: "Other", line: 6)])
    }

    @Test func aTypeInAnotherOnesFileIsCounted() {
        let (share, elsewhere) = Types.share([file, SourceFile(path: "Sources/A/B+C.swift", text: "enum B {}\n")])
        #expect(abs(share - 2 / 3) < 1e-12)
        #expect(elsewhere.map(\.line) == [6])
    }
}
