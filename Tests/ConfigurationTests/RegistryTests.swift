import Testing

@testable import Configuration

@Suite struct RegistryTests {
    /// How a shape follows from its options.
    private struct Shape: Sendable {
        let corners: Int
    }

    private let shapes = Registry<Shape>(
        "shape", key: "kind",
        [
            RegistryEntry("point", "Without extent", make: Shape(corners: 1)),
            RegistryEntry(
                "square", "As wide as high",
                options: [Option<Int>.integer("size", default: 3, in: 1...9, "How large").description],
                make: Shape(corners: 4)),
        ])

    @Test func findsWhatIsNamed() throws {
        #expect(try shapes.make("square", Options(["size": .integer(4)])).corners == 4)
        #expect(shapes.descriptions.map(\.name) == ["point", "square"])
        #expect(shapes.descriptions[1].options.map(\.name) == ["size"])
    }

    @Test func blamesItsKeyForANameThatNobodyKnows() {
        let expected = ConfigurationError(key: "kind", "unknown shape 'sqare'; did you mean 'square'?")
        #expect(throws: expected) { _ = try shapes.make("sqare", Options()) }
    }

    @Test func refusesAnOptionThatTheNamedDoesNotHave() {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try shapes.make("point", Options(["size": .integer(4)]))
        }
        #expect(error?.key == "size")
    }
}
