import Synchronization

extension Graph {
    /// Whether what any peer knows can reach any other, all rounds of a period taken together (strong connection).
    public var isConnected: Bool {
        properties.isConnected { firstUnreached == nil }
    }

    /// A peer that does not hear from peer 0, or that peer 0 does not hear from; nil in a connected graph.
    package var firstUnreached: PeerID? {
        let rounds = 0..<period
        let index =
            Graphs.firstUnreached(peers) { peer in
                rounds.flatMap { neighbours(of: PeerID(peer), round: $0).map(\.rawValue) }
            }
            ?? Graphs.firstUnreached(peers) { peer in
                rounds.flatMap { senders(to: PeerID(peer), round: $0).map(\.rawValue) }
            }
        return index.map { PeerID($0) }
    }
}

extension Graph {
    /// Whether what any of these peers knows can reach any other of them without passing by the rest, all rounds of a
    /// period taken together.
    package func isConnected(among present: [PeerID]) -> Bool {
        guard let first = present.first else { return true }
        return component(of: first, among: present).count == Set(present).count
    }

    /// Those of the peers whose knowledge reaches this one, and whom its own reaches, without passing by the rest, all
    /// rounds of a period taken together: its strong component, itself among them.
    package func component(of peer: PeerID, among present: [PeerID]) -> Set<PeerID> {
        let there = Set(present)
        func reached(_ next: (PeerID, UInt64) -> [PeerID]) -> Set<PeerID> {
            var reached: Set = [peer]
            var front = [peer]
            while let peer = front.popLast() {
                for round in 0..<period {
                    for other in next(peer, round) where there.contains(other) && reached.insert(other).inserted {
                        front.append(other)
                    }
                }
            }
            return reached
        }
        return reached { neighbours(of: $0, round: $1) }.intersection(reached { senders(to: $0, round: $1) })
    }
}

/// The first of the peers 0..<peers to which no path of `next` leads from peer 0.
package func firstUnreached(_ peers: Int, next: (Int) -> [Int]) -> Int? {
    var isReached = [Bool](repeating: false, count: peers)
    isReached[0] = true
    var front = [0]
    var left = peers - 1
    while left > 0, let peer = front.popLast() {
        for other in next(peer) where !isReached[other] {
            isReached[other] = true
            left -= 1
            front.append(other)
        }
    }
    return isReached.firstIndex(of: false)
}
