/// An Ed25519 private key (RFC 8032), in memory.
public struct PrivateKey: Sendable, Hashable {
    static let byteCount = 32

    /// 32 bytes, from which all else follows.
    let seed: [UInt8]
    /// The key that everybody may know.
    public let publicKey: PublicKey

    /// The key of a seed; nil unless it has 32 bytes.
    init?(seed: [UInt8]) {
        guard seed.count == Self.byteCount else { return nil }
        self.seed = seed
        publicKey = ed25519PublicKey(seed: seed)
    }

    /// A key that nobody else has, from the system's entropy.
    ///
    /// No seed of a run may ever repeat a key, so this is the one draw that is not from a `RandomStream`.
    static func generate() -> PrivateKey {
        guard let key = PrivateKey(seed: entropy(byteCount: byteCount)) else {
            preconditionFailure("entropy gave another number of bytes than it was asked for")
        }
        return key
    }

    // MARK: Files

    /// What stands before the seed in PKCS #8 (RFC 8410).
    private static let prefix: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    /// The key as a PEM file, which `openssl pkey` reads too.
    var pem: String { PEM(label: "PRIVATE KEY", bytes: Self.prefix + seed).text }

    /// Throws where the text is no PEM file of one Ed25519 key. - Parameter name: the file, for the sentence.
    init(pem text: String, named name: String) throws(IdentityError) {
        let blocks = PEM.blocks(in: text) ?? []
        guard blocks.count == 1, let block = blocks.first, block.label == "PRIVATE KEY",
            block.bytes.starts(with: Self.prefix),
            let key = PrivateKey(seed: Array(block.bytes.dropFirst(Self.prefix.count)))
        else {
            throw IdentityError(
                .malformed, name, "is no Ed25519 private key in PEM",
                remedy: "bring the file back from a copy, or move it away and have another made")
        }
        self = key
    }
}
