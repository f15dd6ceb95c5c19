public import Configuration
import Synchronization

/// What is found out about a graph when it is first asked, and kept: the graph does not change.
final class Findings: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isConnected: Bool?
        var violations: MixingViolations?
    }

    func isConnected(_ find: () -> Bool) -> Bool {
        state.withLock { state in
            let found = state.isConnected ?? find()
            state.isConnected = found
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
        return unreached { peer in rounds.flatMap { neighbours(of: peer, round: $0) } }
            ?? unreached { peer in rounds.flatMap { senders(to: peer, round: $0) } }
    }

    /// The first peer to which no path of `next` leads from peer 0.
    private func unreached(_ next: (PeerID) -> [PeerID]) -> PeerID? {
        var isReached = [Bool](repeating: false, count: peers)
        isReached[0] = true
        var front: [PeerID] = [0]
        var left = peers - 1
        while left > 0, let peer = front.popLast() {
            for other in next(peer) where !isReached[other.rawValue] {
                isReached[other.rawValue] = true
                left -= 1
                front.append(other)
            }
        }
        return isReached.firstIndex(of: false).map { PeerID($0) }
    }

    /// Refuses the graph when it is not connected, in the name of an algorithm that cannot agree on it.
    public func requireConnected(by algorithm: String) throws(ConfigurationError) {
        guard !isConnected, let peer = firstUnreached else { return }
        throw ConfigurationError(
            key: nil,
            "\(algorithm) needs a connected graph, but in topology '\(name)' no path leads both from peer 0 to peer "
                + "\(peer) and back; add edges to topology.matrix, or choose a topology such as ring")
    }
}
