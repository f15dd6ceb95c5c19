/// The other end of a link.
public struct LinkPeer: Sendable, Hashable {
    /// Who it is.
    public let id: KeyID
    /// The address that the connection comes from or leads to, as people read it.
    public let address: String
}
