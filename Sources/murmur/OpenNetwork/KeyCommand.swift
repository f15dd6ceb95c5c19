import ArgumentParser
import Configuration
import OpenTransport

/// `murmur key`: who this peer is.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Say who this peer is in the open network.", subcommands: [Show.self])

    /// `murmur key show`: the peer's id, and its groups.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print this peer's id, and in which groups it is for how long.")
        @ArgumentParser.Option(help: "The file of the key, instead of the usual one.", completion: .file())
        var key: String?
        @Flag(help: "Print one JSON object.") var json = false

        func run() throws {
            try reportingFailure {
                let store = try GroupCommand.store()
                let path = key ?? store.keyPath
                guard let key = try store.key(at: path) else {
                    throw IdentityError(
                        .missing, path, "is not there",
                        remedy: "`murmur group new NAME` or `murmur group accept INVITATION` makes a key")
                }
                let memberships = try store.names().map { try Membership(store.group($0), key) }
                try put(json ? Self.object(path, key, memberships) : Self.text(path, key, memberships), terminator: "")
            }
        }

        private static func object(_ path: String, _ key: PrivateKey, _ memberships: [Membership]) -> String {
            let groups = memberships.map { membership in
                JSON.object([
                    ("id", .string(membership.stored.group.id.description)),
                    ("may_invite", .boolean(membership.stored.mayInvite)), ("name", .string(membership.stored.name)),
                    ("problem", membership.problem.map(JSON.string) ?? .null),
                    ("until", .string(date(membership.stored.end))),
                ])
            }
            return JSON.object([
                ("groups", .array(groups)), ("key", .string(path)),
                ("peer", .string(key.publicKey.id.description)),
            ]).sorted.text + "\n"
        }

        private static func text(_ path: String, _ key: PrivateKey, _ memberships: [Membership]) -> String {
            var table = Table(columns: [.left, .left])
            table.rows = [["peer", key.publicKey.id.description], ["key", path]]
            table.rows += memberships.map { membership in
                let stored = membership.stored
                let state = membership.problem ?? "a member until \(date(stored.end))"
                return ["group", "\(stored.name), \(state)" + (stored.mayInvite ? "; may invite" : "")]
            }
            return table.text
        }
    }

    /// A group that the peer has, and why it would not be let in, if so.
    private struct Membership {
        let stored: StoredGroup
        let problem: String?

        init(_ stored: StoredGroup, _ key: PrivateKey) throws {
            self.stored = stored
            do {
                try stored.check(key, now: GroupCommand.now)
                problem = nil
            } catch {
                problem = "\(error)"
            }
        }
    }
}
