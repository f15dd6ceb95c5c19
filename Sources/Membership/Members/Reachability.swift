/// Whether strangers can dial a member, as a partner found that dialed it back at the address it was seen from.
public enum Reachability: UInt8, Sendable {
    /// Nobody has tried yet.
    case unknown = 0
    /// It was dialed back.
    case reachable = 1
    /// It was not, so it dials and is not dialed, as behind NAT.
    case unreachable = 2
}
