import Glibc

/// The folder in which a user's key and groups lie:
///
/// | file | what it holds | who may read it |
/// |---|---|---|
/// | `key` | the peer's private key | its owner |
/// | `lock` | nothing; held by the process that is the peer | its owner |
/// | `groups/NAME/root.pem` | the group's certificate | everybody |
/// | `groups/NAME/root.key` | the group's private key, where it was founded | its owner |
/// | `groups/NAME/certificate.pem` | the peer's certificate, and that of its invitation | everybody |
/// | `groups/NAME/revoked.pem` | the keys that are no longer admitted, if any | everybody |
/// | `groups/NAME/seeds` | where members listen, one a line | everybody |
public struct IdentityStore: Sendable {
    /// The folder, which need not be there yet.
    public let folder: String

    /// The store of a process with this environment: `MURMUR_HOME`, else `murmur` in `XDG_CONFIG_HOME`, else in
    /// `.config` of `HOME`.
    public init(environment: [String: String]) throws(IdentityError) {
        if let own = environment["MURMUR_HOME"], own.hasPrefix("/") {
            folder = own
        } else if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
            folder = "\(base)/murmur"
        } else if let home = environment["HOME"], !home.isEmpty {
            folder = "\(home)/.config/murmur"
        } else {
            throw IdentityError(
                .unfit, "HOME", "is not set, so that keys and groups have no place", remedy: "set it to your folder")
        }
    }

    /// The file of the peer's key.
    public var keyPath: String { "\(folder)/key" }

    /// The peer's key; nil where none has been made yet.
    public func key() throws(IdentityError) -> PrivateKey? { try key(at: keyPath) }

    /// The key in a file of that form.
    public func key(at path: String) throws(IdentityError) -> PrivateKey? {
        guard let text = try SecretFile.text(of: path, .owner) else { return nil }
        return try PrivateKey(pem: text, named: path)
    }

    /// The peer's key, which is made where there is none.
    func madeKey() throws(IdentityError) -> PrivateKey {
        if let key = try key() { return key }
        let key = PrivateKey.generate()
        try SecretFile.makeFolder(folder)
        try SecretFile.write(key.pem, to: keyPath, .owner, replaces: false)
        return key
    }

    // MARK: Groups

    private var groups: String { "\(folder)/groups" }

    /// The names of all groups that the user has, sorted.
    public func names() -> [String] {
        // The user's folder may be called as it likes, and stands for itself.
        let folder = groups.map { "*?[\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
        var found = glob_t()
        defer { globfree(&found) }
        guard glob("\(folder)/*/root.pem", 0, nil, &found) == 0 else { return [] }
        let paths = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
        return paths.map { String($0.split(separator: "/").dropLast().last ?? "") }.filter(Group.isName).sorted()
    }

    /// The folder of a group, there or not. Throws where the name can be none.
    func folder(of name: String) throws(IdentityError) -> String {
        guard Group.isName(name) else {
            throw IdentityError(
                .unfit, "group '\(name)'", "is no name for a group",
                remedy: "take 1 to 32 small letters, digits and hyphens, no hyphen first")
        }
        return "\(groups)/\(name)"
    }

    /// Whether there is a group of that name.
    func isTaken(_ name: String) -> Bool {
        access("\(groups)/\(name)/root.pem", F_OK) == 0
    }
}
