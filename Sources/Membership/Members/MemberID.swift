/// The name of a member: 32 bytes that its host derives from its public key, opaque here.
public struct MemberID: Hashable, Comparable, Sendable {
    /// The first eight bytes as a number; well mixed, since the name is a digest.
    public let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The name with these words, the most significant first.
    public init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
    }

    /// The words that the name was made of.
    public var words: [UInt64] { [first, second, third, fourth] }

    public static func < (left: MemberID, right: MemberID) -> Bool {
        (left.first, left.second, left.third, left.fourth) < (right.first, right.second, right.third, right.fourth)
    }

    public func hash(into hasher: inout Hasher) {
        // A word of a digest tells names apart as well as all four do.
        hasher.combine(first)
    }
}
