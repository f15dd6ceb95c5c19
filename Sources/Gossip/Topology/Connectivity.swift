import Synchronization

/// What is found out about a graph when it is first asked, and kept: the graph does not change.
final class Findings: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isConnected: Bool?
        var sides: Sides?
        var violations: MixingViolations?
        var leastEigenvalue: Double?
    }

    func isConnected(_ find: () -> Bool) -> Bool {
        state.withLock { state in
            let found = state.isConnected ?? find()
            state.isConnected = found
            return found
        }
    }

    func sides(_ find: () -> Sides) -> Sides {
        state.withLock { state in
            let found = state.sides ?? find()
            state.sides = found
            return found
        }
    }

    func leastEigenvalue(_ find: () -> Double) -> Double {
        state.withLock { state in
            let found = state.leastEigenvalue ?? find()
            state.leastEigenvalue = found
            return found
        }
    }

    func violations(_ find: () -> MixingViolations) -> MixingViolations {
        state.withLock { state in
            let found = state.violations ?? find()
            state.violations = found
            return found
        }
    }
}

extension Graph {
    /// Whether what any peer knows can reach any other, all rounds of a period taken together (strong connection).
    public var isConnected: Bool {
        findings.isConnected { firstUnreached == nil }
    }

    /// A peer that does not hear from peer 0, or that peer 0 does not hear from; nil in a connected graph.
    var firstUnreached: PeerID? {
        let rounds = 0..<period
        let index =
            Gossip.firstUnreached(peers) { peer in
                rounds.flatMap { neighbours(of: PeerID(peer), round: $0).map(\.rawValue) }
            }
            ?? Gossip.firstUnreached(peers) { peer in
                rounds.flatMap { senders(to: PeerID(peer), round: $0).map(\.rawValue) }
            }
        return index.map { PeerID($0) }
    }
}

extension Graph {
    /// Whether what any of these peers knows can reach any other of them without passing by the rest, all rounds of a
    /// period taken together.
    func isConnected(among present: [PeerID]) -> Bool {
        guard let first = present.first else { return true }
        return component(of: first, among: present).count == Set(present).count
    }

    /// Those of the peers whose knowledge reaches this one, and whom its own reaches, without passing by the rest, all
    /// rounds of a period taken together: its strong component, itself among them.
    func component(of peer: PeerID, among present: [PeerID]) -> Set<PeerID> {
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
func firstUnreached(_ peers: Int, next: (Int) -> [Int]) -> Int? {
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
