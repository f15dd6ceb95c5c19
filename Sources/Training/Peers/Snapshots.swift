import Dispatch
import Gossip
import Graphs
import Runs
import Synchronization

/// Gathers the models that peers hand in from their threads, until all who live have done so.
final class Snapshots: Sendable {
    typealias Snapshot = TestRounds.Snapshot

    private struct State {
        var rounds: TestRounds
        var living: Set<PeerID>
    }

    private let state: Mutex<State>
    private let bell: DispatchSemaphore

    /// `bell` is rung when a test is complete; `rounds` wait already, in a resumed run.
    init(peers: Int, bell: DispatchSemaphore, rounds: TestRounds = TestRounds()) {
        self.bell = bell
        state = Mutex(State(rounds: rounds, living: Set((0..<peers).map { PeerID($0) })))
    }

    func submit(_ snapshot: Snapshot, step: UInt64) {
        let isComplete = state.withLock { state in
            state.rounds.submit(snapshot, step: step)
            return state.rounds.isComplete(step, awaiting: Array(state.living))
        }
        if isComplete { bell.signal() }
    }

    /// A peer has died: no test waits for it any more, and none has its model.
    func leave(_ peer: PeerID) {
        state.withLock { state in
            state.living.remove(peer)
            state.rounds.leave(peer)
        }
        bell.signal()
    }

    /// The tests that are not complete.
    var waiting: [TestRounds.Round] { state.withLock { $0.rounds.waiting } }

    /// Whether there is a test of which all living peers have handed in their models.
    var isReady: Bool { state.withLock { state in state.rounds.hasComplete { _ in Array(state.living) } } }

    /// The earliest test of which all living peers have handed in their models.
    func takeComplete() -> TestRounds.Round? {
        state.withLock { state in state.rounds.takeFirst { _ in Array(state.living) } }
    }

    /// The earliest test, whoever has handed in a model.
    func takeFirst() -> TestRounds.Round? { state.withLock { $0.rounds.takeFirst { _ in [] } } }
}
