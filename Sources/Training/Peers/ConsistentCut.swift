import Runs
import Synchronization

/// Brings all peers to rest at once, so that the whole run can be saved: each holds back its next gradient and goes on
/// handling messages, until none is under way.
///
/// Peers that wait for each other in every step rest after the same one; the others at their own next boundary, so that
/// none waits for a slow one. Nothing depends on that: whatever peers rest at, a run in which no gradient is being
/// computed and no message is under way can be taken apart and put together again.
final class ConsistentCut: Sendable {
    private struct State {
        /// The step after which peers rest that wait for each other; nil while nobody is to rest.
        var target: UInt64?
        /// The last step for which a cut was asked: a slower peer that reaches it later asks for no other one.
        var last: UInt64
        var isClosed = false
    }

    private let state: Mutex<State>
    private let isLockStep: Bool

    /// - Parameter step: The step that the run goes on from.
    init(isLockStep: Bool, after step: UInt64 = 0) {
        self.isLockStep = isLockStep
        state = Mutex(State(target: nil, last: step))
    }

    /// The step after which peers come to rest; nil while they go on.
    var target: UInt64? { state.withLock { $0.target } }

    /// Whether peers are to come to rest.
    var isRequested: Bool { state.withLock { $0.target != nil } }

    /// Asks for rest after `step`.
    func request(after step: UInt64) {
        state.withLock { state in
            guard !state.isClosed, state.target == nil, step > state.last else { return }
            state.target = step
            state.last = step
        }
    }

    /// Whether a peer that has made `step` steps is to hold back its gradient.
    func holds(_ step: UInt64) -> Bool {
        state.withLock { state in state.target.map { !isLockStep || step >= $0 } ?? false }
    }

    /// Lets the peers go on; whoever holds back must be woken.
    func release() { state.withLock { $0.target = nil } }

    /// Lets the peers go on, and never holds them again.
    func close() {
        state.withLock { state in
            state.target = nil
            state.isClosed = true
        }
    }
}
