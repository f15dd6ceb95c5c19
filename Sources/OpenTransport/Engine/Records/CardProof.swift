import Membership

/// What proves a card: the certificates of its member, and the member's signature of what stands in it.
struct CardProof {
    let chain: [Certificate]
    let signature: [UInt8]

    /// The proof as a card holds it.
    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(UInt8(chain.count))
        for certificate in chain { writer.putCounted(certificate.der) }
        writer.put(signature)
        return writer.bytes
    }

    /// The proof at the front of a message; nil where there is none.
    init?(from reader: inout ByteReader) {
        guard let count = reader.byte(), (1...2).contains(count) else { return nil }
        var chain: [Certificate] = []
        for _ in 0..<count {
            guard let length = reader.word(UInt16.self), let bytes = reader.bytes(Int(length)),
                let certificate = Certificate(der: Array(bytes))
            else { return nil }
            chain.append(certificate)
        }
        guard let signature = reader.bytes(PublicKey.signatureByteCount) else { return nil }
        self.chain = chain
        self.signature = Array(signature)
    }

    /// A member's own.
    init(_ identity: OpenIdentity, incarnation: UInt64, addresses: [Seed]) {
        chain = identity.credentials.chain
        signature = identity.key.signature(
            of: Self.signed(identity.key.publicKey.id, incarnation: incarnation, addresses: addresses))
    }

    /// What is signed: no bytes of any other kind begin like these.
    private static func signed(_ id: KeyID, incarnation: UInt64, addresses: [Seed]) -> [UInt8] {
        var writer = ByteWriter()
        writer.put(Array("murmur card 1".utf8))
        writer.put(id.bytes)
        writer.put(incarnation)
        for address in addresses { writer.putCounted(Array(address.description.utf8)) }
        return writer.bytes
    }

    /// The key of the member, if it and the group's root say that the card is its own.
    func key(of id: KeyID, incarnation: UInt64, addresses: [Seed], trust: Trust, now: Int64) -> PublicKey? {
        let key = chain[0].publicKey
        guard key.id == id,
            key.hasSigned(Self.signed(id, incarnation: incarnation, addresses: addresses), signature),
            (try? trust.check(Credentials(chain: chain), now: now)) != nil
        else { return nil }
        return key
    }
}
