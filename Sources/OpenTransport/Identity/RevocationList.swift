/// The keys that a group no longer admits: an X.509 CRL signed by its root. Each number on it is a key's, the first 128
/// bits of its id, whoever signed the key's certificates: revoking an invitation revokes whom it admitted.
public struct RevocationList: Sendable, Hashable {
    /// The list as it travels.
    let der: [UInt8]
    /// The numbers of the keys, each 16 bytes.
    let serials: Set<[UInt8]>

    /// Longer lists are not looked at: some 25,000 keys.
    static let mostBytes = 1 << 20

    private static let label = "X509 CRL"

    /// Whether a key is on the list.
    func revokes(_ id: KeyID) -> Bool { serials.contains(id.serial) }

    /// Whether the key of a peer is on the list, or that of its invitation.
    func revokes(_ credentials: Credentials) -> Bool { credentials.chain.contains { revokes($0.publicKey.id) } }

    /// The list as a PEM file, which `openssl crl` reads too.
    var pem: String { PEM(label: Self.label, bytes: der).text }
}

extension RevocationList {
    /// Throws where the text is no list that the group's root has signed. - Parameter name: the file, for the sentence.
    init(pem text: String, of root: Certificate, named name: String) throws(IdentityError) {
        let blocks = PEM.blocks(in: text) ?? []
        guard blocks.count == 1, blocks[0].label == Self.label,
            let list = RevocationList(der: blocks[0].bytes, of: root)
        else {
            throw IdentityError(
                .malformed, name, "is no list of revocations that \(root.subject) has signed",
                remedy: "bring the file back from a copy or from another member")
        }
        self = list
    }

    /// The list with one more key, signed by the root's holder at a time in seconds since 1970.
    static func signed(
        by key: PrivateKey, of root: Certificate, adding id: KeyID, to list: RevocationList?, now: Int64
    ) -> RevocationList {
        let serials = (list?.serials ?? []).union([id.serial])
        let der = signedRevocationList(
            key: key, issuer: root.subject, serials: serials.sorted { $0.lexicographicallyPrecedes($1) },
            validity: now...max(now, root.validity.upperBound))
        guard let list = RevocationList(der: der, of: root) else {
            preconditionFailure("OpenSSL made a list of \(serials.count) revocations that it cannot read")
        }
        return list
    }
}
