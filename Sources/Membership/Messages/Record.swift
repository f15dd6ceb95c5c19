/// What one member tells another of a third.
///
/// A beat is signed by the member of which it speaks; a mark (suspect, lost) is anybody's opinion, and refuted by the
/// next beat.
public struct Record: Hashable, Sendable {
    /// Of whom it speaks.
    public let id: MemberID
    /// How new it is.
    public let version: MemberVersion
    /// What the member says of its own reachability; nothing is read from a mark.
    public let reachability: Reachability
    /// How long ago a mark was made, in seconds; 0 for a beat.
    public let ageSeconds: Double
    /// The member's card, where the receiver asked for it.
    public let card: Card?
    /// The signature of the beat. One's own records have none here: the host signs what bears its own name.
    public let signature: [UInt8]

    /// The record with these contents.
    public init(
        id: MemberID, version: MemberVersion, reachability: Reachability, ageSeconds: Double, card: Card?,
        signature: [UInt8]
    ) {
        (self.id, self.version, self.reachability) = (id, version, reachability)
        // What is no number is no age.
        (self.ageSeconds, self.card, self.signature) = (ageSeconds > 0 ? ageSeconds : 0, card, signature)
    }
}
