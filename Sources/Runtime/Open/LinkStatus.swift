/// Who is there on an open network, as one peer of it knows, and what has gone over its links.
public struct LinkStatus: Sendable, Hashable {
    /// The group's name here.
    public var group: String
    /// The peer's own id.
    public var peer: String
    /// Where others may find it; empty where it does not listen.
    public var addresses: [String] = []
    /// Whether it is found there from outside; nil before somebody has tried.
    public var isReachable: Bool?
    /// Everybody who is there, this peer among them, by id.
    public var members: [Member] = []
    /// Its links, by place.
    public var links: [Link] = []
    /// Bytes since the beginning.
    public var bytesSent = 0
    /// The same of what has come.
    public var bytesReceived = 0

    /// Somebody on the network.
    public struct Member: Sendable, Hashable {
        /// Its id.
        public var peer: String
        /// `alive` or `suspect`.
        public var standing: String
        /// Where others may find it; none where nobody knows.
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

        /// A link to a peer, over which nothing has gone.
        public init(place: Int, peer: String, address: String, isDialed: Bool, seconds: Double = 0) {
            self.place = place
            self.peer = peer
            self.address = address
            self.isDialed = isDialed
            self.seconds = seconds
            (bytesSent, bytesReceived) = (0, 0)
        }
    }

    /// A peer that knows nobody else.
    public init(group: String, peer: String) {
        self.group = group
        self.peer = peer
    }
}
