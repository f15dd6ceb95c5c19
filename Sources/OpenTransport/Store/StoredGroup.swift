import Glibc

/// A group as it lies in a user's store.
public struct StoredGroup: Sendable {
    /// What the group is called here, which is also its folder's name.
    public let name: String
    /// The group itself.
    public let group: Group
    /// What the peer shows.
    let credentials: Credentials
    /// Who is no longer admitted.
    let revocations: RevocationList?
    /// Where members listen, as the invitation said; none at the founder.
    public let seeds: [Seed]
    let folder: String

    /// When the peer's membership ends unless its certificate is renewed, in seconds since 1970.
    public var end: Int64 { credentials.end }

    /// Whether the group's own key lies here, so that one may invite and revoke.
    public var mayInvite: Bool { access(rootKeyPath, F_OK) == 0 }

    /// The file of the group's key, there or not.
    public var rootKeyPath: String { "\(folder)/root.key" }

    /// Throws why the others of the group would not let this peer in. - Parameter now: in seconds since 1970.
    public func check(_ key: PrivateKey, now: Int64) throws {
        guard credentials.own.publicKey == key.publicKey else {
            throw IdentityError(
                .unfit, "group \(name)", "has a certificate for another key than this peer's",
                remedy: "bring back the key that joined, or accept another invitation")
        }
        try Trust(group: group, revocations: revocations).check(credentials, now: now)
    }

    // MARK: Files

    /// Who is no longer admitted, as it is written there by now; nil where nobody is.
    func writtenRevocations() throws(IdentityError) -> RevocationList? {
        try Self.revocations(of: group, in: folder)
    }

    private static func revocations(of group: Group, in folder: String) throws(IdentityError) -> RevocationList? {
        let path = "\(folder)/revoked.pem"
        guard let text = try SecretFile.text(of: path, .everybody) else { return nil }
        return try RevocationList(pem: text, of: group.root, named: path)
    }

    /// Reads a group. Throws where there is none of the name, or one of its files is damaged.
    init(_ name: String, in store: IdentityStore) throws(IdentityError) {
        folder = try store.folder(of: name)
        self.name = name
        guard let text = try SecretFile.text(of: "\(folder)/root.pem", .everybody) else {
            throw IdentityError(
                .missing, "group '\(name)'", "is not there; there is \(Self.list(store.names()))",
                remedy: "found it by `murmur group new \(name)`, or get in by `murmur group accept INVITATION`")
        }
        let certificates = try Certificate.chain(pem: text, named: "\(folder)/root.pem")
        guard certificates.count == 1, let group = Group(root: certificates[0]) else {
            throw IdentityError(
                .malformed, "\(folder)/root.pem", "is no group's certificate", remedy: "accept an invitation again")
        }
        self.group = group
        let path = "\(folder)/certificate.pem"
        guard let chain = try SecretFile.text(of: path, .everybody) else {
            throw IdentityError(.missing, path, "is not there", remedy: "accept an invitation again")
        }
        credentials = Credentials(chain: try Certificate.chain(pem: chain, named: path))
        revocations = try Self.revocations(of: group, in: folder)
        let lines = try SecretFile.text(of: "\(folder)/seeds", .everybody) ?? ""
        seeds = lines.split(whereSeparator: \.isNewline).compactMap { Seed(String($0)) }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    /// The key of the group. Throws where it does not lie here.
    func rootKey() throws(IdentityError) -> PrivateKey {
        guard let text = try SecretFile.text(of: rootKeyPath, .owner) else {
            throw IdentityError(
                .unfit, "group \(name)", "has its key elsewhere, so that nobody can invite or revoke from here",
                remedy: "ask its founder")
        }
        let key = try PrivateKey(pem: text, named: rootKeyPath)
        guard key.publicKey == group.root.publicKey else {
            throw IdentityError(
                .malformed, rootKeyPath, "is not the key of group \(name)",
                remedy: "bring the right one back from a copy")
        }
        return key
    }
}
