/// Who a peer, an invitation or a group is: the SHA-256 of its public key, as the key stands in certificates
/// (SubjectPublicKeyInfo, RFC 5280). Written as 52 letters and digits of base32.
public struct KeyID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    static let byteCount = 32

    /// The id of these 32 bytes, whoever has the key.
    init(bytes: [UInt8]) { self.bytes = bytes }

    init(of key: PublicKey) { bytes = sha256(key.subjectPublicKeyInfo) }

    /// The id that `description` wrote; nil where the text is none.
    public init?(_ text: String) {
        guard let bytes = Base32.bytes(text), bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    public var description: String { Base32.text(bytes) }

    /// The first 16 letters, 80 bits: what certificates bear as names.
    var short: String { String(description.prefix(16)) }

    /// The first 128 bits: the serial number of the key's certificates, by which it is revoked.
    var serial: [UInt8] { Array(bytes.prefix(16)) }

    /// By the first byte that differs.
    public static func < (a: KeyID, b: KeyID) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}
