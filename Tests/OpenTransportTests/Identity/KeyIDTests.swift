import Testing

@testable import OpenTransport

@Suite struct KeyIDTests {
    /// RFC 8032's first test key; the id by `openssl pkey -pubout -outform DER | sha256sum | base32`.
    @Test func theIDIsTheDigestOfTheKeyInCertificates() throws {
        let seed = try #require(bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        let key = try #require(PrivateKey(seed: seed)).publicKey
        #expect(key.bytes == bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
        #expect(key.id.description == "a3r73d62fg5wbk2zkv66mhw3blwnwiyrgs7dbz23ivpy4g3zf6uq")
        #expect(KeyID(key.id.description) == key.id)
        #expect(key.id.short == String(key.id.description.prefix(16)) && key.id.serial.count == 16)
    }

    @Test func whatIsNoIDIsRefused() {
        let text = SmallGroup.key(1).publicKey.id.description
        #expect(text.count == 52 && KeyID(text) != nil)
        #expect(KeyID(String(text.dropLast())) == nil && KeyID(text + "a") == nil && KeyID("") == nil)
        #expect(KeyID(text.uppercased()) == nil)
    }

    @Test func idsHaveAnOrder() {
        let ids = (1...9).map { SmallGroup.key($0).publicKey.id }.sorted()
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 && !($1 < $0) })
    }

    private func bytes(_ hexadecimal: String) -> [UInt8]? {
        let digits = Array(hexadecimal)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0..<$0 + 2]), radix: 16)! }
    }
}
