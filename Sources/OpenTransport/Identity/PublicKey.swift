/// An Ed25519 public key (RFC 8032).
public struct PublicKey: Sendable, Hashable {
    /// 32 bytes.
    let bytes: [UInt8]

    /// Who has the key.
    public var id: KeyID { KeyID(of: self) }

    /// The key as certificates hold it, DER: the algorithm's name and 256 bits.
    var subjectPublicKeyInfo: [UInt8] { Self.prefix + bytes }

    private static let prefix: [UInt8] = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
}
