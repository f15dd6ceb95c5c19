public import Graphs

/// What an engine knows at a moment.
public struct OpenStatus: Sendable {
    /// A member of the group as it is known here.
    public struct Member: Sendable, Hashable {
        /// Who it is.
        public let id: KeyID
        /// Where it may be dialed.
        public let addresses: [String]
        /// `alive` or `suspect`.
        public let standing: String
        /// Whether strangers can dial it; nil where nobody knows.
        public let isReachable: Bool?
    }

    /// A link that is open.
    public struct Link: Sendable, Hashable {
        /// The place of the other end.
        public let place: PeerID
        /// The other end.
        public let peer: LinkPeer
        /// Whether this end dialed.
        public let isDialed: Bool
        /// For how many seconds it has been open.
        public let seconds: Double
        /// Bytes that have gone out, before TLS.
        public let sentByteCount: Int
        /// Bytes that have come in.
        public let receivedByteCount: Int
        /// Models that wait or are on their way out.
        public let modelsUnderWay: Int
    }

    /// The members that are not lost, oneself among them, by their names.
    public var members: [Member] = []
    /// The open links by their places.
    public var links: [Link] = []
    /// Bytes of all links that have gone out since the start, before TLS.
    public var sentByteCount = 0
    /// Bytes of all links that have come in.
    public var receivedByteCount = 0
}
