/// A connection of a host, by a number that it never uses again.
public struct LinkNumber: Hashable, Sendable {
    /// The number.
    public let number: UInt64

    /// The connection with this number.
    public init(_ number: UInt64) {
        self.number = number
    }
}
