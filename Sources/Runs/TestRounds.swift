import Gossip
package import Graphs
package import Vectors

/// The models that peers hand in for tests, each at its own moment, by the step that a test is named after.
package struct TestRounds: Sendable {
    package struct Snapshot: Sendable {
        package let peer: PeerID
        package let model: Payload
        /// Samples that the peer had seen.
        package let samples: Int

        package init(peer: PeerID, model: Payload, samples: Int) {
            self.peer = peer
            self.model = model
            self.samples = samples
        }
    }

    /// The models of one test, in the order of the peers.
    package typealias Round = (step: UInt64, snapshots: [Snapshot])

    private var rounds: [UInt64: [PeerID: Snapshot]] = [:]
    /// Those that wait, ascending: the first is the first to be complete, or nearly so, however many wait behind it.
    private var steps: [UInt64] = []

    package init() {}

    /// A later model of the same peer takes the place of an earlier one.
    package mutating func submit(_ snapshot: Snapshot, step: UInt64) {
        if rounds[step] == nil {
            let place = steps.lastIndex { $0 < step }.map { $0 + 1 } ?? 0
            steps.insert(step, at: place)
        }
        rounds[step, default: [:]][snapshot.peer] = snapshot
    }

    /// A peer has died: no test has its model.
    package mutating func leave(_ peer: PeerID) {
        for step in steps { rounds[step]?[peer] = nil }
    }

    /// The tests that nobody has taken, in their order.
    package var waiting: [Round] { steps.compactMap(round) }

    /// The earliest test for which everybody who is awaited has handed in a model.
    package mutating func takeFirst(awaiting peers: (UInt64) -> [PeerID]) -> Round? {
        guard let index = steps.firstIndex(where: { isComplete($0, awaiting: peers($0)) }),
            let round = round(steps[index])
        else { return nil }
        rounds[steps.remove(at: index)] = nil
        return round
    }

    package func hasComplete(awaiting peers: (UInt64) -> [PeerID]) -> Bool {
        steps.contains { isComplete($0, awaiting: peers($0)) }
    }

    package func isComplete(_ step: UInt64, awaiting peers: [PeerID]) -> Bool {
        guard let models = rounds[step], !models.isEmpty else { return false }
        return peers.allSatisfy { models[$0] != nil }
    }

    private func round(_ step: UInt64) -> Round? {
        rounds[step].map { (step, $0.values.sorted { $0.peer < $1.peer }) }
    }
}
