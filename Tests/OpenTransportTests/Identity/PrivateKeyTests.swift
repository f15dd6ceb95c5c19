import Testing

@testable import OpenTransport

@Suite struct PrivateKeyTests {
    @Test func aKeyIsReadAsItWasWritten() throws {
        let key = SmallGroup.key(3)
        #expect(try PrivateKey(pem: key.pem, named: "key") == key)
        #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAMD"))
        #expect(PrivateKey(seed: [1]) == nil)
    }

    @Test func noTwoKeysAreTheSame() {
        #expect(Set((0..<10).map { _ in PrivateKey.generate() }).count == 10)
    }

    @Test func whatIsNoKeyIsRefused() {
        let pem = SmallGroup.key(3).pem
        for text in [
            "", "words", pem + pem, pem.replacing("PRIVATE", with: "PUBLIC"), pem.replacing("MC4", with: "MC5"),
        ] {
            let error = #expect(throws: IdentityError.self) { try PrivateKey(pem: text, named: "home/key") }
            #expect(error?.kind == .malformed && error?.description.hasPrefix("home/key: is no Ed25519") == true)
        }
    }
}
