import Configuration
import Testing

@Suite struct OptionDescriptionTests {
    @Test func canonicalIsExactlyWhatTheOptionReads() {
        let ratio = Option.number("ratio", default: 0.5, in: 0...1, "")
        let count = Option.integer("count", default: 1, in: 1 ... .max, "")
        let maybe = Option.optionalInteger("maybe", in: 1...9, "")
        let flag = Option.boolean("flag", default: false, "")
        let list = Option.integers("list", default: [], "")
        let candidates: [OptionValue] = [
            .null, .boolean(true), .integer(0), .integer(1), .integer(10), .number(1), .number(0.5), .number(.nan),
            .number(.infinity), .number(1e300), .text("a"), .list([]), .list([.number(2)]), .list([.text("a")]),
            .table([:]),
        ]
        for value in candidates {
            expectAgreement(ratio, value)
            expectAgreement(count, value)
            expectAgreement(maybe, value)
            expectAgreement(flag, value)
            expectAgreement(list, value)
        }
    }

    private func expectAgreement<Value>(_ option: Option<Value>, _ value: OptionValue) {
        let name = option.description.name
        let isRead: Bool
        do {
            _ = try Options([name: value]).value(option)
            isRead = true
        } catch {
            isRead = false
        }
        #expect(isRead == (option.description.canonical(value) != nil), "\(name): \(value)")
    }

    @Test func valuesHaveOneForm() {
        #expect(description(.number(0...10)).canonical(.integer(3)) == .number(3))
        #expect(description(.integer(0...20_000)).canonical(.number(1e4)) == .integer(10_000))
        #expect(description(.rows).canonical(.list([.list([.integer(1)])])) == .list([.list([.number(1)])]))
        #expect(description(.factors).canonical(.table(["0": .integer(4)])) == .table(["0": .number(4)]))
        #expect(description(.factors).canonical(.table(["00": .number(4)])) == .table(["0": .number(4)]))
    }

    @Test func wrongShapesHaveNone() {
        #expect(description(.factors).canonical(.table(["a": .integer(4)])) == nil)
        #expect(description(.factors).canonical(.table(["0": .integer(0)])) == nil)
        #expect(description(.tables).canonical(.list([.integer(1)])) == nil)
        #expect(description(.rows).canonical(.list([.integer(1)])) == nil)
        #expect(description(.text).canonical(.text("")) == nil)
        #expect(description(.text).canonical(.null) == nil)
    }

    private func description(_ kind: OptionDescription.Kind) -> OptionDescription {
        OptionDescription(name: "x", kind: kind, isNullable: false, defaultValue: .null, meaning: "")
    }
}
