import ArgumentParser
import Configuration
import OpenTransport

extension GroupCommand {
    /// `murmur group invite NAME`: a line that lets in whoever has it.
    struct Invite: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print an invitation: one line, which lets in whoever has it until it ends.",
            discussion: """
                The line holds a private key; hand it on as you would a password. Who comes by it is a member until \
                the invitation ends. Its id, by which it is revoked, is said on stderr.
                """)
        @Argument(help: "The group, whose key must lie here.") var name: String
        @ArgumentParser.Option(name: .customLong("for"), help: "How long it lets in: 24h, 90min.")
        var span = "\(StoredGroup.usualInvitation.nanoseconds / 3_600_000_000_000)h"
        @ArgumentParser.Option(name: .customLong("seed"), help: "Where a member listens: HOST:PORT; may be repeated.")
        var seeds: [String] = []

        func run() throws {
            try reportingFailure {
                guard let span = TimeSpan(span) else {
                    throw ConfigurationError(
                        key: "--for", "'\(excerpt(span))' is no length of time; write it like 24h or 90min")
                }
                let seeds = try seeds.map { text in
                    guard let seed = Seed(text) else {
                        throw ConfigurationError(
                            key: "--seed", "'\(excerpt(text))' is no HOST:PORT; write it like peer.example.org:7946")
                    }
                    return seed
                }
                let stored = try store().group(name)
                let invitation = try stored.invite(for: span, seeds: seeds, now: now)
                try put(invitation.text)
                Console(isQuiet: false).say(
                    """
                    murmur: invitation \(invitation.id) lets in until \(date(invitation.end)); \
                    `murmur group revoke \(invitation.id)` ends it and all whom it let in
                    """)
            }
        }
    }
}
