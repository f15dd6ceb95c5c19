import Testing

@testable import OpenTransport

@Suite struct CertificateTests {
    private let small = SmallGroup()

    @Test func aCertificateSaysWhatItWasMadeOf() throws {
        let (key, now) = (SmallGroup.key(2), SmallGroup.now)
        let own = small.member(key).own
        #expect(own.publicKey == key.publicKey && own.subject == key.publicKey.id.short && !own.isAuthority)
        #expect(own.validity == now - SmallGroup.day...now + 90 * SmallGroup.day)
        #expect(small.group.root.validity == now - SmallGroup.day...now + 3650 * SmallGroup.day)
        #expect(small.group.root.isAuthority && small.invitation().certificate.isAuthority)
        #expect(own.isSigned(by: small.rootKey.publicKey) && !own.isSigned(by: key.publicKey))
        #expect(try Certificate.chain(pem: own.pem, named: "a") == [own])
        #expect(own.der.count < 350, "\(own.der.count) bytes")
    }

    /// No certificate of a peer holds longer than the invitation that admitted it.
    @Test func anInvitationsEndIsThePeers() {
        #expect(small.invited(SmallGroup.key(2)).own.validity.upperBound == SmallGroup.now + 7 * SmallGroup.day)
    }

    @Test func theSameWordsMakeTheSameBytes() {
        #expect(small.member(SmallGroup.key(2)) == SmallGroup().member(SmallGroup.key(2)))
    }

    @Test func whatIsNoCertificateIsRefused() {
        let der = small.group.root.der
        #expect(Certificate(der: der) != nil)
        #expect(Certificate(der: []) == nil && Certificate(der: der + [0]) == nil)
        for count in 0..<der.count { #expect(Certificate(der: Array(der.prefix(count))) == nil) }
        #expect(Certificate(der: der + [UInt8](repeating: 0, count: 2000)) == nil)
        for text in ["", SmallGroup.key(1).pem, small.group.root.pem + small.group.root.pem + small.group.root.pem] {
            #expect(throws: IdentityError.self) { try Certificate.chain(pem: text, named: "a") }
        }
    }

    /// Whatever bit flips, the signature no longer fits, or the bytes are none.
    @Test func aChangedCertificateIsNotSigned() {
        let der = small.group.root.der
        for index in der.indices {
            var changed = der
            changed[index] ^= 1
            #expect(Certificate(der: changed)?.isSigned(by: small.rootKey.publicKey) != true, "byte \(index)")
        }
    }
}
