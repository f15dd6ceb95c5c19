public import Configuration

/// What joins a peer to an open network, where peers come and go and each knows only those with whom it has a link:
/// knows who the peer is there.
public protocol LinkTransport: Sendable {
    /// Who the user's peer is on the network that the options name. Opens nothing.
    ///
    /// Throws `ConfigurationError` for an option that cannot be, and whatever else keeps the peer out.
    func member(_ options: Options, environment: [String: String], clock: LinkClock) throws -> any LinkMember

    /// What the user's peer would find on this machine: where it may listen, the clock, keys and memberships. Makes
    /// nothing and changes nothing.
    func examine(environment: [String: String], clock: LinkClock) -> [LinkFinding]
}
