import Dispatch
import Gossip
import Randomness
import Runtime
import Synchronization
import Vectors

/// Counts what has come, and keeps the first thing that was wrong.
final class Arrivals: Sendable {
    private struct State {
        var next: [Int: Int] = [:]
        var left: Int
        var problem: String?
    }

    private let state: Mutex<State>
    private let done = DispatchSemaphore(value: 0)

    init(expected: Int) {
        state = Mutex(State(left: expected))
        if expected == 0 { done.signal() }
    }

    var problem: String? { state.withLock { $0.problem } }

    /// The number of the next thing of that kind from that rank.
    func next(_ rank: Int, _ kind: Int) -> Int {
        state.withLock { state in
            defer { state.next[2 * rank + kind, default: 0] += 1 }
            return state.next[2 * rank + kind, default: 0]
        }
    }

    func check(_ isRight: Bool, _ what: String) {
        if !isRight { state.withLock { $0.problem = $0.problem ?? "\(what) is wrong" } }
    }

    func count(_ isRight: Bool, _ what: String) {
        check(isRight, what)
        let isDone = state.withLock { state in
            state.left -= 1
            return state.left == 0
        }
        if isDone { done.signal() }
    }

    func wait() { done.wait() }
}
