import Testing

@testable import OpenTransport

@Suite struct Base32Tests {
    /// The vectors of RFC 4648, section 10, in small letters and without padding.
    @Test(arguments: [
        ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"),
        ("foobar", "mzxw6ytboi"),
    ])
    func theStandardsVectors(_ plain: String, _ text: String) {
        #expect(Base32.text(Array(plain.utf8)) == text)
        #expect(Base32.bytes(text) == Array(plain.utf8))
    }

    /// A letter too many, bits left over, capitals, letters that are none.
    @Test(arguments: ["m", "mz1q", "MZXQ", "mzxr", "mzx=", "mzxw6y", "m y", "mé"])
    func whatIsNoneIsRefused(_ text: String) {
        #expect(Base32.bytes(text) == nil)
    }
}
