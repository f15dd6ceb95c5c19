import Graphs

/// As what a node knows the other end of a link.
struct PeerNumber: Hashable {
    let place: PeerID
    /// The number of their session.
    let session: UInt32
}
