import Testing

@testable import OpenTransport

@Suite struct Base64Tests {
    /// The test vectors of RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]) func isThatOfTheStandard(_ words: String, _ text: String) {
        #expect(Base64.text(Array(words.utf8)) == text)
        #expect(Base64.bytes(text) == Array(words.utf8))
    }

    @Test func bytesAreReadAsTheyWereWritten() {
        for count in [1, 2, 3, 255, 10_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 251 &* $0 &+ $0 >> 5) }
            #expect(Base64.bytes(Base64.text(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        "A", "AB", "ABC", "AB==CD==", "A===", "====", "AB=C", "AA?A", " AAAA", "AAAA\n", "AAAA    ", "AB==",
    ]) func whatIsNoneIsRefused(_ text: String) {
        #expect(Base64.bytes(text) == nil)
    }
}
