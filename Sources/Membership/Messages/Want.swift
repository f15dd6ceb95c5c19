/// A member of whom one end of a link asks for more.
public struct Want: Hashable, Sendable {
    /// Of whom.
    public let id: MemberID
    /// The incarnation whose card the asker has; nil where it has none. The answer brings a card where it has another.
    public let knownIncarnation: UInt64?

    /// The request with these contents.
    public init(id: MemberID, knownIncarnation: UInt64?) {
        (self.id, self.knownIncarnation) = (id, knownIncarnation)
    }
}
