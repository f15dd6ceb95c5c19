import Testing

@testable import Configuration

@Suite struct FingerprintTests {
    /// From the test vectors that the authors publish (isthe.com/chongo/src/fnv/test_fnv.c).
    @Test(arguments: [
        ("", 0xcbf2_9ce4_8422_2325 as UInt64), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ])
    func isTheAuthors(text: String, value: UInt64) {
        var fingerprint = Fingerprint()
        fingerprint.combine(text)
        #expect(fingerprint.value == value)
    }

    @Test func aWordIsItsBytes() {
        var (words, bytes) = (Fingerprint(), Fingerprint())
        words.combine(0x0000_7261_626f_6f66)
        bytes.combine("foobar\0\0")
        #expect(words == bytes)
    }

    @Test func hexadecimalShowsEveryDigit() {
        #expect(UInt8(7).hexadecimal == "07")
        #expect(UInt32(0xbeef).hexadecimal == "0000beef")
        #expect(UInt64.max.hexadecimal == "ffffffffffffffff")
    }
}
