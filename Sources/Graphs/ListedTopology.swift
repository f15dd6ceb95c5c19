import Configuration

/// A graph that says whom a peer sends to as one list.
package protocol ListedTopology: Topology {
    /// Whom the peer sends to in that round, ascending, none twice, itself apart.
    func neighbours(of peer: Int, round: UInt64) -> [Int]
}

extension ListedTopology {
    public func degree(of peer: PeerID, round: UInt64) -> Int {
        neighbours(of: peer.rawValue, round: round).count
    }

    public func neighbour(_ index: Int, of peer: PeerID, round: UInt64) -> PeerID {
        PeerID(neighbours(of: peer.rawValue, round: round)[index])
    }

    public func neighbours(of peer: PeerID, round: UInt64) -> [PeerID] {
        neighbours(of: peer.rawValue, round: round).map { PeerID($0) }
    }

    public func senders(to peer: PeerID, round: UInt64) -> [PeerID] {
        precondition(!Self.isDirected, "\(Self.description.name) is directed and must name its senders")
        return neighbours(of: peer, round: round)
    }
}
