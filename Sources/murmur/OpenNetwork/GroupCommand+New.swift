import ArgumentParser
import Configuration
import OpenTransport

extension GroupCommand {
    /// `murmur group new NAME`: a group whose key lies here.
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Found a group, whose key lies on this machine, and be its first member.")
        @Argument(help: "What to call it: small letters, digits and hyphens.") var name: String
        @Flag(help: "Print one JSON object.") var json = false

        func run() throws {
            try reportingFailure {
                let stored = try store().found(name, now: now)
                guard !json else {
                    return try put(
                        JSON.object([
                            ("group", .string(stored.name)), ("id", .string(stored.group.id.description)),
                            ("key", .string(stored.rootKeyPath)),
                        ]).sorted.text)
                }
                try put(
                    """
                    group  \(stored.name), \(stored.group.id)
                    key    \(stored.rootKeyPath); whoever has it may invite and revoke: keep a copy, and keep it secret
                    next   murmur train transport.name=tls transport.group=\(stored.name)
                    then   murmur join "$(murmur group invite \(stored.name) --seed localhost:7946)"
                    """)
            }
        }
    }

    /// `murmur group accept INVITATION`: into a group, without asking anybody.
    struct Accept: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an invitation: this peer signs its own certificate with it, and asks nobody.",
            discussion: "Another invitation to the same group prolongs the membership, unless that ends later already."
        )
        @Argument(help: "The line that `murmur group invite` printed, or a file that holds it.") var invitation: String
        @ArgumentParser.Option(help: "What to call the group here, instead of its own name.") var name: String?
        @Flag(help: "Print one JSON object.") var json = false

        func run() throws {
            try reportingFailure {
                let invitation = try Invitation(argument: invitation)
                let store = try store()
                let stored = try store.accept(invitation, as: name, now: now)
                guard let key = try store.key() else { return }
                guard !json else {
                    return try put(
                        JSON.object([
                            ("group", .string(stored.name)), ("id", .string(stored.group.id.description)),
                            ("peer", .string(key.publicKey.id.description)),
                            ("seeds", .array(stored.seeds.map { .string("\($0)") })),
                            ("until", .string(date(stored.end))),
                        ]).sorted.text)
                }
                let seeds = stored.seeds.map { "\($0)" }.joined(separator: ", ")
                try put(
                    """
                    group  \(stored.name), \(stored.group.id)
                    peer   \(key.publicKey.id), a member until \(date(stored.end))
                    seeds  \(seeds.isEmpty ? "none" : seeds)
                    """)
            }
        }
    }
}
