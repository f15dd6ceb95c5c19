import Testing

@testable import Configuration

@Suite struct OptionValuePlainTests {
    @Test(arguments: [
        ("064", OptionValue.integer(64)), ("010", .integer(10)), ("+12", .integer(12)), ("-0", .integer(0)),
        ("0o17", .integer(15)), ("0xFf", .integer(255)), ("1e4", .number(1e4)), (".5", .number(0.5)),
        ("1.", .number(1)), ("-2.5E-3", .number(-0.0025)), ("00.5", .number(0.5)), (".inf", .number(.infinity)),
        ("-.INF", .number(-.infinity)), ("99999999999999999999", .number(1e20)), ("~", .null), ("", .null),
        ("True", .boolean(true)), ("FALSE", .boolean(false)),
    ])
    func readsNumbersAsPeopleWriteThem(text: String, value: OptionValue) {
        #expect(OptionValue(plain: text) == value)
    }

    @Test(arguments: [
        "1:30", "1_000", "0b11", "no", "on", "Yes", "-0x1", "0o8", "0x", "0x+1", "e4", ".", "+", "1e", "1.2.3", "inf",
        "nan", "١٢", "1 ",
    ])
    func leavesWordsWords(text: String) {
        #expect(OptionValue(plain: text) == .text(text))
    }

    @Test func aWholeNumberHasOneFormAsAKey() {
        #expect(["1", "01", "+1", "0x1", "0o1"].map(OptionValue.canonicalKey) == Array(repeating: "1", count: 5))
        #expect(OptionValue.canonicalKey("1.0") == "1.0")
        #expect(OptionValue.canonicalKey("word") == "word")
    }
}
