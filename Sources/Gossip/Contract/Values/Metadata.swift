/// The few numbers that travel with a vector, atomically.
public struct Metadata: Hashable, Sendable, Codable {
    /// The sender's round or step.
    public var round: UInt64
    /// What the message means, where an algorithm sends several kinds.
    public var tag: UInt32
    /// The mass that travels with the vector (sum-weight, push-sum); 0 where there is none.
    public var weight: Double

    /// What is left out is 0: no round, the only kind of message, no mass.
    public init(round: UInt64 = 0, tag: UInt32 = 0, weight: Double = 0) {
        self.round = round
        self.tag = tag
        self.weight = weight
    }
}
