/// A message as its sender knows it: the number that sending gave back, by which the algorithm learns what became of
/// it.
public struct MessageID: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}
