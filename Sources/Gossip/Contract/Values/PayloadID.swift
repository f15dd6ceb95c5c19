/// A payload that this node has received and still holds; the node chooses the number.
public struct PayloadID: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}
