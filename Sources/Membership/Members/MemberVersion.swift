/// How new what is known of a member is: the higher incarnation wins, then the higher beat, then the worse standing.
///
/// The order is that of SWIM (A. Das, I. Gupta, A. Motivala, DSN 2002, section 4.2), with its incarnation number split
/// in two: the process's life and its beat, which the member alone raises.
public struct MemberVersion: Hashable, Comparable, Sendable {
    /// The life of the member's process.
    public var incarnation: UInt64
    /// How often the member has said that it is there.
    public var beat: UInt64
    /// What is thought of it since that beat.
    public var standing: Standing

    /// The version with these three.
    public init(incarnation: UInt64, beat: UInt64, standing: Standing) {
        (self.incarnation, self.beat, self.standing) = (incarnation, beat, standing)
    }

    public static func < (left: MemberVersion, right: MemberVersion) -> Bool {
        (left.incarnation, left.beat, left.standing.rawValue) < (right.incarnation, right.beat, right.standing.rawValue)
    }
}
