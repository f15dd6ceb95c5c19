/// A group of peers that trust each other: an X.509 root. Whom its key, or an invitation that its key has signed, has
/// signed is a member.
public struct Group: Sendable, Hashable {
    /// The certificate that all members hold.
    let root: Certificate
    /// What its founder called it.
    public let name: String

    /// Who the group is, whatever it is called.
    public var id: KeyID { root.publicKey.id }

    /// The group of a root certificate; nil where the certificate does not sign itself, or does not bear the name that
    /// a group's has.
    init?(root: Certificate) {
        let parts = root.subject.split(separator: ".", omittingEmptySubsequences: false)
        guard root.isAuthority, parts.count == 2, Self.isName(String(parts[0])), parts[1] == root.publicKey.id.short,
            root.isSigned(by: root.publicKey)
        else { return nil }
        self.root = root
        name = String(parts[0])
    }

    /// Founds a group: its key is all that is ever needed to invite and to revoke. - Parameter now: in seconds since
    /// 1970.
    static func founded(as name: String, key: PrivateKey, now: Int64) -> Group {
        // A name of its own: where two roots bear one, OpenSSL tries the wrong one and blames the signature.
        let subject = "\(name).\(key.publicKey.id.short)"
        let root = Certificate.signed(
            by: key, for: key.publicKey, as: .root, names: (subject, subject),
            validity: now - Certificate.day...now + Certificate.rootSeconds)
        guard let group = Group(root: root) else { preconditionFailure("\(name) is no name for a group") }
        return group
    }

    /// Whether a text may be a group's name, and so that of a folder: 1 to 32 small letters, digits and hyphens, no
    /// hyphen first.
    static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count) && text.first != "-"
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
            }
    }
}
