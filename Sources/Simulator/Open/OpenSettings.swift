public import Graphs

/// An open network in the simulator: peers come, go and know only those with whom they have a link.
public struct OpenSettings: Sendable {
    /// Who keeps a link with whom: its edges in any round, in both directions.
    public let graph: Graph
    /// How long what is in doubt behind a broken link waits for the next connection.
    public let doubtSeconds: Double
    /// Who begins; all others come in by way of those who are there.
    public let founder: PeerID

    /// How long the silence of a link lasts before it counts as broken is `NetworkSettings.detectionSeconds`.
    public init(graph: Graph, doubtSeconds: Double, founder: PeerID) {
        self.graph = graph
        self.doubtSeconds = doubtSeconds
        self.founder = founder
    }

    /// The most links that any peer has.
    public var mostLinks: Int { partners.map(\.count).max() ?? 0 }

    /// Those with whom each peer keeps a link, ascending: a peer's place for the first of them is 1.
    var partners: [[PeerID]] {
        var partners = [Set<PeerID>](repeating: [], count: graph.peers)
        for round in 0..<graph.period {
            for peer in (0..<graph.peers).map({ PeerID($0) }) {
                for other in graph.neighbours(of: peer, round: round) where other != peer {
                    partners[peer.rawValue].insert(other)
                    partners[other.rawValue].insert(peer)
                }
            }
        }
        return partners.map { $0.sorted() }
    }
}
