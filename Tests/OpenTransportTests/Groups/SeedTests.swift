import Testing

@testable import OpenTransport

@Suite struct SeedTests {
    @Test(arguments: ["localhost:7946", "a.example.org:1", "10.0.0.1:65535", "[::1]:80", "[fe80::1%eth0]:7946"])
    func seedsAreReadAsTheyAreWritten(_ text: String) {
        #expect(Seed(text)?.description == text)
    }

    @Test(arguments: [
        "", "localhost", ":80", "a:0", "a:65536", "a:-1", "a:+1", "a:01", "::1:80", "[::1]", "[a]:80", "[]:80",
        "a b:80",
        "a/b:80", "é:80", "a:", String(repeating: "a", count: 255) + ":80",
    ])
    func whatIsNoneIsRefused(_ text: String) {
        #expect(Seed(text) == nil)
    }
}
