public import Graphs

/// One of the vectors that go between this peer and another one.
public struct LinkKey: Hashable, Comparable, Sendable, Codable {
    /// The other peer.
    public let peer: PeerID
    /// The tag of its messages.
    public let tag: UInt32

    /// By peers, and by tags of the same one.
    public static func < (one: LinkKey, other: LinkKey) -> Bool { (one.peer, one.tag) < (other.peer, other.tag) }
}
