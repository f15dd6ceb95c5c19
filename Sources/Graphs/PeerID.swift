/// A peer's number: learners are 0..<peers, a server comes behind them.
public struct PeerID: RawRepresentable, Hashable, Comparable, Sendable, Codable,
    ExpressibleByIntegerLiteral
{
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }
    public init(_ index: Int) { rawValue = index }
    /// The peer of that number, written as one.
    public init(integerLiteral value: Int) { rawValue = value }

    /// Whether `a` has the lower number.
    public static func < (a: PeerID, b: PeerID) -> Bool { a.rawValue < b.rawValue }
}

extension PeerID: CustomStringConvertible {
    public var description: String { "\(rawValue)" }
}
