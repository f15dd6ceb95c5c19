import ArgumentParser
import Foundation
import OpenTransport

/// `murmur group`: who may train together in the open network.
struct GroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "Found a group of peers, invite to it, get into one, and revoke.",
        discussion: """
            A group is a key and a certificate: whom its holder invites may train with the others, and nobody else. \
            Keys and groups lie in MURMUR_HOME, else in murmur, a folder of XDG_CONFIG_HOME or of ~/.config. \
            docs/open-network.md tells more.
            """,
        subcommands: [New.self, Invite.self, Accept.self, Revoke.self])

    /// The present time in seconds since 1970: certificates end.
    static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    static func store() throws -> IdentityStore {
        try IdentityStore(environment: ProcessInfo.processInfo.environment)
    }
}
