/// What a node has done so far.
public struct NodeStatistics: Sendable, Hashable, Codable {
    /// Gradient steps.
    public internal(set) var steps: UInt64 = 0
    /// Samples in the gradients' batches.
    public internal(set) var samples = 0
    /// Messages that the algorithm sent, acknowledgements apart.
    public internal(set) var messagesSent = 0
    public internal(set) var messagesReceived = 0
    /// Bytes of the payloads sent.
    public internal(set) var bytesSent = 0

    public init() {}

    mutating func count(_ report: GradientReport) {
        steps += 1
        samples += report.samples
    }
}
