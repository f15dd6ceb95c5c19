import Gossip
import Runs
import Synchronization

/// How long something was done, by the time of training: asked while it is being done, too.
final class Stopwatch: Sendable {
    private let clock: RunClock
    private let state: Mutex<State>

    private struct State {
        var total: Duration
        var begin: Duration?
    }

    init(_ clock: RunClock, nanoseconds: Int64 = 0) {
        self.clock = clock
        state = Mutex(State(total: .nanoseconds(nanoseconds)))
    }

    func start() { state.withLock { $0.begin = clock.training } }

    /// Tells from when to when, by the time of training, it was done this time.
    @discardableResult func stop() -> (begin: Duration, end: Duration) {
        state.withLock { state in
            let end = clock.training
            let begin = state.begin ?? end
            state.total += end - begin
            state.begin = nil
            return (begin, end)
        }
    }

    /// The time of training, and how much of it this took so far.
    var reading: (training: Duration, spent: Duration) {
        state.withLock { state in
            let now = clock.training
            return (now, state.total + (state.begin.map { now - $0 } ?? .zero))
        }
    }
}
