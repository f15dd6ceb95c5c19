import Foundation
import Runs
import Synchronization

/// A door before every gradient: closed while models are tested, so that testing has the machine to itself.
final class Gate: Sendable {
    private struct State {
        var isClosed = false
        var inside = 0
    }

    private let state = Mutex(State())
    private let condition = NSCondition()

    /// Waits while the door is closed, then goes in.
    func enter() {
        wait { state in
            guard !state.isClosed else { return false }
            state.inside += 1
            return true
        }
    }

    func leave() {
        change { $0.inside -= 1 }
    }

    /// Closes the door and waits until nobody is inside.
    func close() {
        change { $0.isClosed = true }
        wait { $0.inside == 0 }
    }

    func open() {
        change { $0.isClosed = false }
    }

    private func change(_ body: (inout State) -> Void) {
        condition.lock()
        state.withLock { body(&$0) }
        condition.broadcast()
        condition.unlock()
    }

    private func wait(until body: (inout State) -> Bool) {
        condition.lock()
        while !state.withLock({ body(&$0) }) { condition.wait() }
        condition.unlock()
    }
}
