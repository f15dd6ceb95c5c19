/// What membership adds to HELLO, the first item of each end of a link.
public struct Greeting: Sendable {
    /// The sender's own card and beat.
    public let record: Record
    /// How many links the sender has.
    public let degree: Int
    /// The digest of the members that the sender knows.
    public let digest: UInt64

    /// The greeting with these contents.
    public init(record: Record, degree: Int, digest: UInt64) {
        (self.record, self.degree, self.digest) = (record, degree, digest)
    }
}
