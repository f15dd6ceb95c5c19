/// A message as its sender knows it; the algorithm chooses the number, and learns by it what became of the message.
public struct MessageID: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}
