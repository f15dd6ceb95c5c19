/// How a peer of an open network stands, for those who run it: `status.json` and `status.prom` in the folder of its
/// run, written again every few seconds.
public struct StatusRecord: Sendable, Hashable {
    /// The group's name here.
    public var group: String
    /// The peer's own id.
    public var peer: String
    /// Where others may find it; none where it does not listen.
    public var addresses: [String] = []
    /// Whether it is found there from outside; nil where nobody has tried.
    public var isReachable: Bool?
    /// Everybody who is there, this peer among them.
    public var members: [Member] = []
    /// The peer's links.
    public var links: [Link] = []
    /// Bytes over all links since the start.
    public var bytesSent = 0
    /// The same of what has come.
    public var bytesReceived = 0
    /// Messages of the algorithm since the start.
    public var messagesSent = 0
    /// The same of those that came.
    public var messagesReceived = 0
    /// Gradient steps so far.
    public var steps = 0
    /// Gradient steps in the end.
    public var stepsTotal = 0
    /// Seconds of training.
    public var seconds = 0.0
    /// Samples in a second of training.
    public var samplesPerSecond = 0.0
    /// The last mean loss; nil before there was one.
    public var loss: Double?
    /// The last test accuracy, from 0 to 1; nil before the first test.
    public var accuracy: Double?
    /// The weight that the peer holds; nil where its algorithm has none.
    public var mass: Double?

    /// The file for programs and people.
    public static let fileName = "status.json"
    /// The file for Prometheus' textfile collector.
    public static let metricsName = "status.prom"

    /// Somebody on the network.
    public struct Member: Sendable, Hashable {
        /// Its id.
        public var peer: String
        /// `alive` or `suspect`.
        public var standing: String
        /// Where others may find it.
        public var addresses: [String]

        /// Somebody who stands so.
        public init(peer: String, standing: String, addresses: [String]) {
            self.peer = peer
            self.standing = standing
            self.addresses = addresses
        }
    }

    /// A link that is up.
    public struct Link: Sendable, Hashable {
        /// The peer's own number for it.
        public var place: Int
        /// Who is at the other end.
        public var peer: String
        /// Where the connection comes from or leads to.
        public var address: String
        /// Whether this end has dialed.
        public var isDialed: Bool
        /// For how long it has been up.
        public var seconds: Double
        /// Bytes over this connection so far.
        public var bytesSent: Int
        /// The same of what has come.
        public var bytesReceived: Int

        /// A link to a peer.
        public init(
            place: Int, peer: String, address: String, isDialed: Bool, seconds: Double, bytesSent: Int,
            bytesReceived: Int
        ) {
            self.place = place
            self.peer = peer
            self.address = address
            self.isDialed = isDialed
            self.seconds = seconds
            self.bytesSent = bytesSent
            self.bytesReceived = bytesReceived
        }
    }

    /// A peer that has done nothing and knows nobody.
    public init(group: String, peer: String) {
        self.group = group
        self.peer = peer
    }
}
