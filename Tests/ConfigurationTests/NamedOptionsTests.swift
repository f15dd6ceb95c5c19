import Configuration
import Testing

@Suite struct NamedOptionsTests {
    private static let radius = Option.optionalNumber("radius", in: 0...9, "")
    private static let option = Option<NamedOptions>.named(
        "rule",
        [
            Description(name: "mean", summary: ""),
            Description(name: "clipped", summary: "", options: [radius.description]),
        ], default: "mean", "")

    private func read(_ value: OptionValue?) throws -> NamedOptions {
        try Options(value.map { ["rule": $0] } ?? [:]).value(Self.option)
    }

    @Test func aNameAloneHasItsDefaults() throws {
        #expect(try read(nil).name == "mean")
        #expect(try read(.text("mean")).options.values.isEmpty)
        #expect(try read(.text("clipped")).options.values == ["radius": .null])
    }

    @Test func aTableHasTheOptionsOfItsName() throws {
        let table = OptionValue.table(["name": .text("clipped"), "radius": .integer(2)])
        #expect(try read(table).options.values == ["radius": .number(2)])
        #expect(try read(.table([:])).name == "mean")
    }

    @Test(
        arguments: [
            .text("median"), .integer(1), .null, .table(["name": .text("median")]),
            .table(["name": .text("mean"), "radius": .integer(2)]),
            .table(["name": .text("clipped"), "radius": .integer(10)]),
        ] as [OptionValue]) func anythingElseIsRefused(value: OptionValue)
    {
        #expect(throws: ConfigurationError.self) { try read(value) }
    }
}
