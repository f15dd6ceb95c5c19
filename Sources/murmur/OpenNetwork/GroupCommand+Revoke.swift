import ArgumentParser
import Configuration
import OpenTransport

extension GroupCommand {
    /// `murmur group revoke ID`: a peer, or an invitation and all whom it let in, are members no longer.
    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End the membership of a peer, or of all whom an invitation let in.",
            discussion: "Members that run learn of it from each other; their links to who was revoked are closed.")
        @Argument(help: "The peer's id, or the invitation's.") var id: String
        @ArgumentParser.Option(help: "The group; may be left out where the key of one alone lies here.")
        var group: String?

        func run() throws {
            try reportingFailure {
                guard let id = KeyID(id) else {
                    throw ConfigurationError(
                        key: nil,
                        "'\(excerpt(id))' is no id of a peer or an invitation, which has 52 letters and digits; "
                            + "`murmur key show` tells a peer its own")
                }
                let stored = try stored()
                let isNew = try stored.revoke(id, now: now)
                try put(isNew ? "\(id) is no member of \(stored.name) any more" : "\(id) was revoked before")
            }
        }

        /// The group that is named, or the only one whose key lies here.
        private func stored() throws -> StoredGroup {
            let store = try store()
            if let group { return try store.group(group) }
            let own = try store.names().map { try store.group($0) }.filter(\.mayInvite)
            guard let only = own.first, own.count == 1 else {
                let names = own.isEmpty ? "none" : own.map(\.name).joined(separator: ", ")
                throw ConfigurationError(
                    key: "--group",
                    "one group's key must lie here for this to be left out, and here is that of \(names)")
            }
            return only
        }
    }
}
