import Testing

@testable import Configuration

@Suite struct RegistryTests {
    private static let size = Option<Int>.integer("size", default: 3, in: 1...9, "How large")
    private let shapes = Registry<@Sendable (Options) throws(ConfigurationError) -> Int>(
        "shape", key: "kind",
        [
            RegistryEntry("point", "Without extent") { (_) throws(ConfigurationError) in 0 },
            RegistryEntry("square", "As wide as high", options: [Self.size.description]) {
                (options) throws(ConfigurationError) in
                let size = try options.value(Self.size)
                return size * size
            },
        ])

    @Test func makesWhatIsNamedFromItsOptions() throws {
        #expect(try shapes.make("square", Options(["size": .integer(4)]))(Options(["size": .integer(4)])) == 16)
        #expect(shapes.descriptions.map(\.name) == ["point", "square"])
        #expect(shapes.descriptions[1].options.map(\.name) == ["size"])
    }

    @Test func blamesItsKeyForANameThatNobodyKnows() {
        let expected = ConfigurationError(key: "kind", "unknown shape 'sqare'; did you mean 'square'?")
        #expect(throws: expected) { try shapes.make("sqare", Options()) }
    }

    @Test func refusesAnOptionThatTheNamedDoesNotHave() {
        let error = #expect(throws: ConfigurationError.self) {
            try shapes.make("point", Options(["size": .integer(4)]))
        }
        #expect(error?.key == "size")
    }
}
