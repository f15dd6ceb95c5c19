/// What a member says of itself once an incarnation, with what proves it.
public struct Card: Hashable, Sendable {
    /// Whose card it is.
    public let id: MemberID
    /// The life of the process that it speaks of; a later start has a higher number.
    public let incarnation: UInt64
    /// Where the member may be dialed, at most four places; none where it only dials.
    public let addresses: [MemberAddress]
    /// Certificates and signature, which only hosts read: they check a card before they hand it in.
    public let proof: [UInt8]

    /// The card with these contents.
    public init(id: MemberID, incarnation: UInt64, addresses: [MemberAddress], proof: [UInt8]) {
        (self.id, self.incarnation, self.addresses, self.proof) = (id, incarnation, addresses, proof)
    }
}
