/// What admits to a group: a certificate that may sign peers, with its key, and where members are found. Whoever has it
/// may join, so it is given to few and not for long.
///
/// As text it is `murmur:` and base64 in the letters of URLs of: version, seeds, root, certificate, key, and four bytes
/// of the SHA-256 of all that stands before them.
public struct Invitation: Sendable, Hashable {
    /// The group that it admits to.
    public let group: Group
    /// Signed by the group's root.
    let certificate: Certificate
    /// Signs the peers that join.
    let key: PrivateKey
    /// Where members listen.
    public let seeds: [Seed]

    static let mostSeeds = 8

    /// When it ends, in seconds since 1970.
    public var end: Int64 { certificate.validity.upperBound }

    /// By this id it is revoked.
    public var id: KeyID { key.publicKey.id }

    /// Made by the holder of the group's key.
    static func signed(
        by root: PrivateKey, of group: Group, key: PrivateKey, seeds: [Seed], validity: ClosedRange<Int64>
    ) -> Invitation {
        let certificate = Certificate.signed(
            by: root, for: key.publicKey, as: .invitation, names: (key.publicKey.id.short, group.root.subject),
            validity: validity)
        return Invitation(group: group, certificate: certificate, key: key, seeds: seeds)
    }

    private init(group: Group, certificate: Certificate, key: PrivateKey, seeds: [Seed]) {
        self.group = group
        self.certificate = certificate
        self.key = key
        self.seeds = seeds
    }

    // MARK: Text

    private static let scheme = "murmur:"
    private static let version: UInt8 = 1
    /// Longer texts are not looked at.
    static let mostLetters = 8192

    /// The invitation as it is handed on, in one line.
    public var text: String {
        var bytes = [Self.version, UInt8(seeds.count)]
        for seed in seeds {
            let text = Array(seed.description.utf8)
            bytes += [UInt8(text.count)] + text
        }
        for certificate in [group.root, certificate] {
            bytes += [UInt8(certificate.der.count & 255), UInt8(certificate.der.count >> 8)] + certificate.der
        }
        bytes += key.seed
        return Self.text(of: bytes)
    }

    /// The text that holds these bytes, whatever they are: an invitation where they are one's.
    package static func text(of bytes: [UInt8]) -> String { scheme + Base64URL.text(bytes + checksum(bytes)) }

    private static func checksum(_ bytes: [UInt8]) -> [UInt8] { Array(sha256(bytes).prefix(4)) }

    /// The invitation that a text is. Throws where it was changed or cut off on its way, or what it holds does not fit
    /// together; whether it still holds is another question.
    public init(_ text: String) throws(IdentityError) {
        // Whatever stands around the one word came along when it was copied.
        let words = text.split(whereSeparator: \.isWhitespace)
        let text = words.count == 1 ? String(words[0]) : text
        guard text.hasPrefix(Self.scheme) else { throw Self.malformed("does not begin with \(Self.scheme)") }
        guard text.utf8.count <= Self.mostLetters, let bytes = Base64URL.bytes(String(text.dropFirst(7))),
            bytes.count > 4, Self.checksum(bytes.dropLast(4)) == bytes.suffix(4)
        else { throw Self.malformed("was changed or cut off on its way") }
        guard bytes[0] == Self.version else { throw Self.malformed("is of another version of murmur") }
        var reader = ByteReader(bytes.dropFirst().dropLast(4))
        guard let invitation = Self.read(&reader), reader.isAtEnd else {
            throw Self.malformed("holds what does not fit together")
        }
        self = invitation
    }

    private static func malformed(_ problem: String) -> IdentityError {
        IdentityError(
            .malformed, "invitation", problem, remedy: "take the whole line that `murmur group invite` printed")
    }

    /// What stands behind the version; nil where it is no invitation.
    private static func read(_ reader: inout ByteReader) -> Invitation? {
        guard let count = reader.byte(), count <= mostSeeds else { return nil }
        var seeds: [Seed] = []
        for _ in 0..<count {
            guard let length = reader.byte(), let bytes = reader.bytes(Int(length)),
                let text = String(validating: bytes, as: UTF8.self), let seed = Seed(text)
            else { return nil }
            seeds.append(seed)
        }
        guard let root = reader.certificate(), let group = Group(root: root),
            let certificate = reader.certificate(), certificate.isAuthority,
            certificate.isSigned(by: root.publicKey),
            let bytes = reader.bytes(PrivateKey.byteCount), let key = PrivateKey(seed: Array(bytes)),
            key.publicKey == certificate.publicKey
        else { return nil }
        return Invitation(group: group, certificate: certificate, key: key, seeds: seeds)
    }
}

extension ByteReader {
    /// A certificate behind its length in 16 bits.
    fileprivate mutating func certificate() -> Certificate? {
        guard let count = word(UInt16.self), let bytes = bytes(Int(count)) else { return nil }
        return Certificate(der: Array(bytes))
    }
}
