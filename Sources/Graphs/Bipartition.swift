/// A division of a graph's peers into two sides such that every edge, of any round, joins one to the other. Where there
/// is none the graph is not bipartite.
package enum Bipartition: Sendable, Hashable {
    /// Whether each peer is on the side of peer 0.
    case found([Bool])
    /// Two peers on an edge that closes a circle of odd length.
    case oddCycle(PeerID, PeerID)
}

extension Graph {
    /// The two sides, peer 0's first; a peer that nobody has an edge to is on peer 0's.
    package var bipartition: Bipartition {
        properties.bipartition {
            var isOnFirst = [Bool?](repeating: nil, count: peers)
            for start in 0..<peers where isOnFirst[start] == nil {
                isOnFirst[start] = true
                var front = [start]
                while let peer = front.popLast() {
                    let side = isOnFirst[peer] ?? true
                    for other in partners(of: PeerID(peer)) {
                        if isOnFirst[other.rawValue] == nil {
                            isOnFirst[other.rawValue] = !side
                            front.append(other.rawValue)
                        } else if isOnFirst[other.rawValue] == side {
                            return .oddCycle(PeerID(peer), other)
                        }
                    }
                }
            }
            return .found(isOnFirst.map { $0 ?? true })
        }
    }

    /// Whether the peer is on the side of peer 0; nil in a graph that is not bipartite.
    package func isOnFirstSide(_ peer: PeerID) -> Bool? {
        if case .found(let bipartition) = bipartition { bipartition[peer.rawValue] } else { nil }
    }

    /// Who has an edge with the peer in any round, in either direction, ascending.
    private func partners(of peer: PeerID) -> [PeerID] {
        Set((0..<period).flatMap { neighbours(of: peer, round: $0) + senders(to: peer, round: $0) }).sorted()
    }
}
