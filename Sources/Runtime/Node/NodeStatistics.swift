import Gossip
public import Graphs

/// What a node has done so far.
public struct NodeStatistics: Sendable, Hashable, Codable {
    /// Gradient steps.
    public internal(set) var steps: UInt64 = 0
    /// Samples in the gradients' batches.
    public internal(set) var samples = 0
    /// Messages that the algorithm sent, acknowledgements apart.
    public internal(set) var messagesSent = 0
    /// Messages that the algorithm was told of, each once.
    public internal(set) var messagesReceived = 0
    /// Bytes of the payloads sent.
    public internal(set) var bytesSent = 0
    /// The same two, by receiver; those to whom nothing went are absent.
    public internal(set) var sent = SortedTable<PeerID, Sent>()

    /// How stale the gradients were that passes ended with; nil where the peer computes whole gradients.
    public internal(set) var staleness: Staleness?

    /// Updates of the model between the beginning of a pass and its end.
    public struct Staleness: Sendable, Hashable, Codable {
        /// Passes that have ended.
        public internal(set) var gradients: UInt64 = 0
        /// Of all of them together.
        public internal(set) var updates: UInt64 = 0
        /// Of the stalest.
        public internal(set) var most: UInt64 = 0

        /// None yet.
        public init() {}

        /// Of a gradient in the mean; 0 where there was none.
        public var mean: Double { gradients > 0 ? Double(updates) / Double(gradients) : 0 }
    }

    /// Messages to one receiver.
    public struct Sent: Sendable, Hashable, Codable {
        /// How many went to this receiver.
        public internal(set) var messages = 0
        /// Of their payloads.
        public internal(set) var bytes = 0

        /// None yet.
        public init() {}

        mutating func count(bytes: Int) {
            messages += 1
            self.bytes += bytes
        }
    }

    /// Of a node that has done nothing, or counts on from so many steps.
    public init(steps: UInt64 = 0) { self.steps = steps }

    mutating func count(_ report: GradientReport) {
        steps += 1
        samples += report.samples
    }

    mutating func countGradient(staleness updates: UInt64) {
        var counted = staleness ?? Staleness()
        counted.gradients += 1
        counted.updates += updates
        counted.most = max(counted.most, updates)
        staleness = counted
    }

    mutating func countMessage(to peer: PeerID, bytes: Int) {
        messagesSent += 1
        bytesSent += bytes
        let place = sent.place(of: peer, default: Sent())
        sent.values[place].count(bytes: bytes)
    }
}
