import Gossip

/// A saved state that is none of what it is to be restored into: what does not fit, as a clause.
public struct StateError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
