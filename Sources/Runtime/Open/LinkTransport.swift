public import Configuration

/// What joins a peer to an open network, where peers come and go and each knows only those with whom it has a link:
/// knows who the peer is there.
public protocol LinkTransport: Sendable {
    /// Who the user's peer is on the network that the options name. Opens nothing.
    ///
    /// Throws `ConfigurationError` for an option that cannot be, and whatever else keeps the peer out.
    ///
    /// - Parameter now: in seconds since 1970, by which memberships and the end of the run are judged.
    func member(_ options: Options, environment: [String: String], now: Int64) throws -> any LinkMember
}
