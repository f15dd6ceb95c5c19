/// Why a link ends.
public enum CloseReason: Sendable {
    /// Nothing came for as long as a silence may last.
    case silence
    /// The connection broke, or its host closed it for a reason of its own.
    case broken
    /// Both ends had dialed each other; the other connection stays.
    case duplicate
    /// The closer had more links than it wants, and the other end one to spare.
    case pruned
    /// The closer has no room.
    case full
    /// The closer leaves the group.
    case left
    /// A member had dialed itself.
    case oneself
}
