public import Configuration

/// A graph as a pure function: who may send to whom in which round.
public protocol Topology: Sendable {
    static var description: Description { get }

    /// Whether in some graph of the type a peer may hear another and not be heard by it. The directed graphs here, but
    /// those that the user makes, are regular: every peer sends to as many as it hears.
    static var isDirected: Bool { get }

    /// Whether it is so in this graph.
    var isDirected: Bool { get }

    /// The graph of `peers` peers; refuses numbers of peers for which it does not exist.
    init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError)

    /// Rounds after which the graph repeats; 1 when it stays the same.
    var period: UInt64 { get }

    /// How many peers this peer sends to in that round, itself apart.
    func degree(of peer: PeerID, round: UInt64) -> Int

    /// The peer's out-neighbour number `index`, in 0..<degree; neighbours are in ascending order, none twice.
    func neighbour(_ index: Int, of peer: PeerID, round: UInt64) -> PeerID

    /// Whom the peer sends to in that round, ascending, itself apart.
    func neighbours(of peer: PeerID, round: UInt64) -> [PeerID]

    /// Who sends to this peer in that round, ascending, itself apart.
    func senders(to peer: PeerID, round: UInt64) -> [PeerID]

    /// The receiver's weights where the graph itself was given by weights, else nil.
    func weights(of receiver: PeerID, round: UInt64) -> [MixingWeight]?

    /// The least eigenvalue but the zero, and the greatest, of the Laplacian; nil where no closed form is known.
    var laplacian: LaplacianExtremes? { get }

    /// Peers in a row, where they are numbered through a grid, row after row; else nil.
    var columnCount: Int? { get }
}

extension Topology {
    public static var isDirected: Bool { false }
    public var isDirected: Bool { Self.isDirected }
    public var period: UInt64 { 1 }
    public func weights(of receiver: PeerID, round: UInt64) -> [MixingWeight]? { nil }
    public var laplacian: LaplacianExtremes? { nil }
    public var columnCount: Int? { nil }

    public func neighbours(of peer: PeerID, round: UInt64) -> [PeerID] {
        (0..<degree(of: peer, round: round)).map { neighbour($0, of: peer, round: round) }
    }

    public func senders(to peer: PeerID, round: UInt64) -> [PeerID] {
        precondition(!Self.isDirected, "\(Self.description.name) is directed and must name its senders")
        return neighbours(of: peer, round: round)
    }
}
