public import Graphs
public import Runtime

/// What an engine tells, on its own thread and in order: whoever hears it only takes note.
///
/// Peers are places: 0 is oneself, 1 to 63 are others. A place belongs to one member for as long as what was sent there
/// may be in doubt. Of each place come, in this order and again for each connection: `greetingWanted`, `opened` once
/// both have greeted, `frame` any number of times, `closed`; and `doubtOver` once that was long ago.
public enum OpenEvent: Sendable {
    /// A connection is there, and waits: ask the node's session `greeting(for:)`, behind all events before this one,
    /// and answer by `OpenEngine.greet` within 4 s.
    case greetingWanted(PeerID, connection: UInt64)
    /// Both ends have greeted: `Inbound.linkUp`.
    case opened(PeerID, LinkSession.Greeting, LinkPeer)
    /// A frame of the node there, addressed to place 0: `Inbound.frame`.
    case frame(Frame)
    /// The connection is gone, for this reason, a few words: `Inbound.linkDown`.
    case closed(PeerID, reason: String)
    /// What was sent there has been in doubt for long enough, or the member has left: `Inbound.doubtOver`.
    case doubtOver(PeerID)
    /// The place is to be another member's: `Node.forget`.
    case forgotten(PeerID)
    /// What is trained, as YAML: the answer of a member to an engine that has no run, whose work is done with it.
    case experiment(String, from: KeyID)
    /// The group has revoked more keys: for `StoredGroup.keep`.
    case revoked(RevocationList)
    /// Something that people want to know.
    case notice(OpenNotice)
}
