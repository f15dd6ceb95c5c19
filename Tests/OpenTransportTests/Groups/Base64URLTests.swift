import Testing

@testable import OpenTransport

@Suite struct Base64URLTests {
    @Test func bytesAreReadAsTheyWereWritten() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8(250 - 7 * $0 & 255) }
            #expect(Base64URL.bytes(Base64URL.text(bytes)) == bytes)
        }
        #expect(Base64URL.text([0xfb, 0xff, 0xfe]) == "-__-")
    }

    @Test(arguments: ["A", "AB=", "AB==", "A+", "a/b", "AA AA", "AB", "é"])
    func whatIsNoneIsRefused(_ text: String) {
        #expect(Base64URL.bytes(text) == nil)
    }
}
