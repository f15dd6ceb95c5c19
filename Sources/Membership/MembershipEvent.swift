/// What has happened to a member.
public enum MembershipEvent: Sendable {
    /// Some of `MembershipSettings.tickSeconds` have gone by. Whoever drives a member ticks this often.
    case tick
    /// A dial came to nothing. Every dial ends in this or in `opened`.
    case dialFailed(attempt: UInt64)
    /// A link is there and the greetings are exchanged; `attempt` names the dial, nil where the other end dialed.
    case opened(LinkNumber, attempt: UInt64?, Greeting)
    /// The other end closed a link, or it broke.
    case closed(LinkNumber, CloseReason)
    /// An item came, its records checked by the host: signatures, sizes, counts.
    case received(MembershipItem, LinkNumber)
    /// Anything else came; all data counts as life.
    case heard(LinkNumber)
    /// The other end has sent what only a partner is sent: it has room for this member.
    case admitted(LinkNumber)
    /// The answer to `askDialBack`.
    case dialedBack(isReachable: Bool)
    /// The host goes: say so to all.
    case leave
}
