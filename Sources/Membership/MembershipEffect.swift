/// What a member's host shall do, in this order.
public enum MembershipEffect: Sendable {
    /// Dial these addresses, one after the other or beside each other, and say how it went.
    case dial(attempt: UInt64, [MemberAddress])
    /// Send an item.
    case send(MembershipItem, LinkNumber)
    /// Close a link once what was sent is out, and tell the other end why. No event answers it.
    case close(LinkNumber, CloseReason)
    /// Ask the other end to dial back the address that it sees.
    case askDialBack(LinkNumber)
    /// Tell the people or the program above.
    case tell(MembershipNotice)
}
