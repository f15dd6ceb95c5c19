/// Why a link is over.
enum LinkEnd: Sendable, Hashable {
    /// This side ended it.
    case ended(ShutdownReason)
    /// The other side did.
    case endedByPeer(ShutdownReason)
    /// This side did not let the other in.
    case refused(RefusalNotice)
    /// The other side did not let this one in.
    case refusedByPeer(RefusalNotice)
    /// The connection broke.
    case broken
    /// TLS or a greeting took too long.
    case late
    /// The other side did not keep to the protocol.
    case breach(Breach)
}
