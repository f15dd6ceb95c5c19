import Testing

@Suite struct DocstringsTests {
    private func missing(_ texts: String...) -> [Int] {
        let files = texts.enumerated().map { SourceFile(path: "Sources/A/\($0).swift", text: $1) }
        return Docstrings.check(files).map(\.line)
    }

    private func names(_ text: String) -> [String] {
        Docstrings.declarations(in: SourceFile(path: "Sources/A/B.swift", text: text)).map(\.name)
    }

    @Test(arguments: [
        "public struct A {}", "public let a = 1", "    public internal(set) var a = 1", "public init() {}",
        "@inlinable public static func f(_ a: Int) {}", "public func f() {}", "public typealias A = Int",
        "// not a docstring\npublic let a = 1", "/// of another\n\npublic let a = 1",
        "/// of b\nlet b = 2\npublic let a = 1",
        "@discardableResult\npublic func f() -> Int { 1 }", "public subscript(a: Int) -> Int { a }",
        "public indirect enum A {}", "public static func + (a: A, b: A) -> A { a }",
    ])
    func aMissingOneIsFound(_ text: String) {
        #expect(missing(text + "\n") == [text.split(separator: "\n", omittingEmptySubsequences: false).count])
    }

    @Test(arguments: [
        "/// Says it.\npublic struct A {}", "/// Says it.\n@discardableResult\n@inlinable\npublic func f() {}",
        "struct A {}", "package func f() {}", "public import B", "public extension A {}", "let text = \"public let a\"",
        "let a = \"\"\"\n    public let b = 1\n    \"\"\"", "/* public let a = 1 */", "print(public)",
    ])
    func whatIsDocumentedOrNotPublicIsAccepted(_ text: String) {
        #expect(missing(text + "\n") == [])
    }

    @Test func theDocstringIsLookedForInTheFileItself() {
        #expect(missing("/// Says it.\npublic let a = 1\n", "\npublic let b = 1\n") == [2])
    }

    @Test func witnessesOfTheStandardLibraryAreAccepted() {
        let text = """
            public static func == (a: A, b: A) -> Bool { true }
            public static func < (a: A, b: A) -> Bool { true }
            public func hash(into hasher: inout Hasher) {}
            public init(from decoder: any Decoder) throws {}
            public var description: String { "" }
            public func hash(over hasher: inout Hasher) {}

            """
        #expect(missing(text) == [6])
    }

    @Test func witnessesOfProtocolsInSourcesAreAccepted() {
        let contract = """
            /// Says it.
            public protocol Peer {
                /// Says it.
                var count: Int { get }
                mutating func take(
                    _ value: Int, at time: Dictionary<Int, Int>) -> Int
            }
            public struct Other { func send() {} }

            """
        let witnesses = """
            public var count = 1
            public mutating func take(_ value: Int, at: Dictionary<Int, Int>) -> Int { 1 }
            public mutating func take(_ value: Int, for time: Int) -> Int { 1 }
            public func send() {}

            """
        #expect(missing(contract, witnesses) == [8, 3, 4])
    }

    @Test func onlySourcesAreRead() {
        let text = "public let a = 1\npublic protocol P {\n    var b: Int { get }\n}\n"
        #expect(Docstrings.check([SourceFile(path: "Tests/A/B.swift", text: text)]) == [])
        let source = SourceFile(path: "Sources/A/C.swift", text: "public let b = 1\n")
        #expect(Docstrings.check([SourceFile(path: "Tests/A/B.swift", text: text), source]).count == 1)
    }

    @Test(arguments: [
        ("func f<A: B>(_ a: A, of b: [Int: Int] = [:], c: (Int, Int) -> Int) {}", "f(_:of:c:)"),
        ("init?(_ a: Int,\n    b: Int) {}", "init(_:b:)"), ("init<A>(a: A) {}", "init(a:)"), ("func f() {}", "f()"),
        ("subscript(_ a: Int) -> Int { a }", "subscript(_:)"), ("var `default`: Int", "default"),
        ("@available(*) func f(a: Result<Int, Never>, b: Int) {}", "f(a:b:)"), ("static func <= (a: A, b: A)", "<="),
        ("let a: Int", "a"), ("final class A<B> {}", "A"),
    ])
    func namesHaveTheLabelsOfTheirArguments(_ text: String, _ name: String) {
        #expect(names(text) == [name])
    }
}
