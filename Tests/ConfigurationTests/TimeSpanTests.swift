import Configuration
import Testing

@Suite struct TimeSpanTests {
    @Test(arguments: [
        ("2s", 2_000_000_000), ("500ms", 500_000_000), ("-5s", -5_000_000_000), ("1.5s", 1_500_000_000),
        ("7us", 7_000), ("1ns", 1), ("2min", 120_000_000_000), ("0.5h", 1_800_000_000_000), ("+3s", 3_000_000_000),
        ("0.000000001s", 1), (".5ms", 500_000), ("999999999999999999ns", 999_999_999_999_999_999), ("0s", 0),
    ])
    func readsANumberAndItsUnit(text: String, nanoseconds: Int64) throws {
        #expect(try #require(TimeSpan(text)).nanoseconds == nanoseconds)
        #expect(TimeSpan(.text(text))?.nanoseconds == nanoseconds)
    }

    @Test(arguments: ["", "s", "2", "two s", "2 s", "2sec", "1e3s", "nans", "infs", "--2s", "2.s", "0x2s", "2e9s"])
    func readsNothingElse(text: String) {
        #expect(TimeSpan(text) == nil)
    }

    @Test func bareNumbersAreSeconds() {
        #expect(TimeSpan(.integer(2))?.nanoseconds == 2_000_000_000)
        #expect(TimeSpan(.number(0.25))?.nanoseconds == 250_000_000)
        for value: OptionValue in [
            .null, .boolean(true), .list([]), .number(.nan), .number(.infinity), .number(1.1e9), .integer(.max),
            .integer(.min), .text("9000000h"),
        ] {
            #expect(TimeSpan(value) == nil, "\(value)")
        }
    }

    @Test(arguments: [
        (0, "0s"), (1, "1ns"), (1_500, "1500ns"), (2_000, "2us"), (-1_500_000, "-1500us"), (2_500_000_000, "2500ms"),
        (120_000_000_000, "120s"),
    ])
    func isWrittenInTheLargestUnitThatFits(nanoseconds: Int64, text: String) {
        #expect(TimeSpan(nanoseconds: nanoseconds).description == text)
        #expect(TimeSpan(text) == TimeSpan(nanoseconds: nanoseconds))
    }

    @Test func optionsTakeSpansWithinLimits() {
        let description = OptionDescription(
            name: "x", kind: .timeSpan(TimeSpan(nanoseconds: 0)...TimeSpan.longest), isNullable: false,
            defaultValue: .null, meaning: "")
        #expect(description.canonical(.integer(60)) == .text("60s"))
        #expect(description.canonical(.text("1min")) == .text("60s"))
        #expect(description.canonical(.text("-1s")) == nil)
        #expect(description.canonical(.null) == nil)
        #expect(description.expectation == "a time such as 2s or 500ms, from 0s to 1000000000s")
    }

    @Test func listsOfNumbersStayWithinLimits() {
        let description = OptionDescription(
            name: "x", kind: .numbers(0...5), isNullable: false, defaultValue: .null, meaning: "")
        #expect(description.canonical(.list([.integer(1), .number(2.5)])) == .list([.number(1), .number(2.5)]))
        #expect(description.canonical(.list([])) == .list([]))
        #expect(description.canonical(.list([.integer(6)])) == nil)
        #expect(description.canonical(.integer(1)) == nil)
        #expect(description.expectation == "a list whose items are each a number from 0 to 5")
    }
}
