/// What members send each other over a link, greetings apart. `digests`, `versions`, `wanted` and `records` are the
/// four forms of SYNC.
public enum MembershipItem: Sendable {
    /// Sent once a second: what is new (at most 8 records), how many links the sender has, what it knows as a digest.
    case ping(records: [Record], degree: Int, digest: UInt64)
    /// The sender has no room; at most 8 records with the cards of others to dial.
    case refusal(records: [Record])
    /// Where two digests differ: what the sender knows, in `MemberTable.bucketCount` parts.
    case digests([UInt64])
    /// The answer: whom the sender knows in the parts that differ, named by a bit each.
    case versions(buckets: UInt64, members: [MemberListing])
    /// Asks for at most 64 records.
    case wanted([Want])
    /// At most 64 records.
    case records([Record])
}
