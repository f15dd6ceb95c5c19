import Configuration
import Testing

@testable import Training

@Suite struct JSONParsingTests {
    private func read(_ text: String) throws -> String { try JSON(parsing: text.utf8).text }

    @Test(arguments: [
        ("null", "null"), (" [ true , false ] ", "[true,false]"), ("-12", "-12"), ("1.5e3", "1500.0"),
        (#"{"b":{"a":[]},"a":"x"}"#, #"{"b":{"a":[]},"a":"x"}"#), (#""\u00fc\ud83d\ude00\n\/""#, #""ü😀\n/""#),
        ("9223372036854775807", "9223372036854775807"), ("9223372036854775808", "9.223372036854776e+18"),
    ])
    func readsWhatItWrites(text: String, value: String) throws {
        #expect(try read(text) == value)
        #expect(try read(value) == value)
    }

    @Test(arguments: [
        "", "{", "[1,", "[1 2]", #"{"a"}"#, #"{"a":1,}"#, "nul", "1e999", "--1", "+1", ".", "\"a", #""\x""#,
        #""\ud83d""#,
        "1 2", "\"\u{1}\"", String(repeating: "[", count: 100_000), "NaN", "1-2",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(throws: JSONError.self) { try read(text) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0xC3, 0x22]) }
    }
}
