/// What the sender of a greeting knows of the sessions with the other side: one connection is one session.
struct SessionGreeting: Sendable, Hashable {
    /// The last session that there was; 0 where there was none.
    var number: UInt64
    /// How many of the other's messages were handled in it.
    var handled: UInt64
    /// The same of the session before.
    var formerNumber: UInt64
    var formerHandled: UInt64
}
