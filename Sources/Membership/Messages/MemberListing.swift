/// A line of the list by which two members find out what one of them does not know.
public struct MemberListing: Hashable, Sendable {
    /// The member.
    public let id: MemberID
    /// How new what the sender knows of it is.
    public let version: MemberVersion

    /// The line with these contents.
    public init(id: MemberID, version: MemberVersion) {
        (self.id, self.version) = (id, version)
    }
}
