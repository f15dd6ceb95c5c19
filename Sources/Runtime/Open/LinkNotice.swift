/// What an open network has to tell the people.
public enum LinkNotice: Sendable, Hashable {
    /// The first link leads to this peer, so many seconds after the start, and so many peers are known.
    case joined(through: String, seconds: Double, peers: Int)
    /// Something else that is worth a line.
    case remark(String)
    /// Somebody does not let the peer in: the end of it as long as it has no link.
    case refused(LinkError)
    /// The peer can take part no longer.
    case ended(LinkError)
}
