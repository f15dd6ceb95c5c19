import Graphs
import Randomness

/// The peers that are not there: they have died and not come back, or not joined yet, as far as one peer has heard.
struct AbsentPeers: Sendable, Hashable, Codable {
    private var peers: Set<PeerID> = []

    init(_ peers: Set<PeerID> = []) { self.peers = peers }

    var isEmpty: Bool { peers.isEmpty }

    mutating func left(_ peer: PeerID) { peers.insert(peer) }
    mutating func joined(_ peer: PeerID) { peers.remove(peer) }

    func contains(_ peer: PeerID) -> Bool { peers.contains(peer) }

    /// Those of the peers that are there, in the same order.
    func present(_ all: [PeerID]) -> [PeerID] {
        peers.isEmpty ? all : all.filter { !peers.contains($0) }
    }

    /// One of the peer's neighbours in a round that are there, each as likely; nil where nobody is.
    func draw(from graph: Graph, of peer: PeerID, round: UInt64, _ random: inout RandomStream) -> PeerID? {
        if peers.isEmpty {
            // No list of neighbours is made: there may be thousands.
            let choices = graph.degree(of: peer, round: round)
            return choices > 0 ? graph.neighbour(random.integer(below: choices), of: peer, round: round) : nil
        }
        let choices = present(graph.neighbours(of: peer, round: round))
        return choices.isEmpty ? nil : choices[random.integer(below: choices.count)]
    }
}
