import Dispatch
import Gossip
import Synchronization

/// Where the caller's thread and the peer's node meet: a call comes in and waits, in slices, until the node has an
/// outcome for it; or the node has the caller do something, and waits for that.
///
/// While a call is in, and only then, the caller's tensors are the node's to read and write.
final class CallerSeat: Sendable {
    /// What a call came to.
    enum Outcome: Sendable {
        /// What was asked for is done.
        case done(Command)
        /// The caller is to do something and to say so by `reply`.
        case command(Command)
        /// The peer takes no further step.
        case finished(Command)
        case failed(BridgeError)
    }

    private enum Phase { case outside, inside, commanded }

    private struct State {
        var phase = Phase.outside
        /// What the call that is in came to, until it is taken.
        var outcome: Outcome?
        /// What the last call came to.
        var last = Outcome.done(Command(.none))
        /// After this nothing else is told.
        var failure: BridgeError?
        var score: Double?
        var isNodeWaiting = false
        var isCallerWaiting = false
        var isClosed = false
        var secondsWaited = 0.0
    }

    private let state = Mutex(State())
    private let outcomes = DispatchSemaphore(value: 0)
    private let entries = DispatchSemaphore(value: 0)
    private let replies = DispatchSemaphore(value: 0)
    private let ends = DispatchSemaphore(value: 0)
    private let clock: PeerClock

    init(_ clock: PeerClock) { self.clock = clock }

    // MARK: The caller's side

    /// A call comes in. Throws where one is in already, or the caller owes an answer, and where the peer has failed.
    func enter() throws(BridgeError) {
        let (error, wakes) = state.withLock { state -> (BridgeError?, Bool) in
            if let failure = state.failure { return (failure, false) }
            switch state.phase {
            case .inside:
                return (BridgeError(.outOfTurn, "the peer still waits; call murmur_peer_wait until it does not"), false)
            case .commanded:
                return (
                    BridgeError(.outOfTurn, "the peer's command is not carried out; do so and call murmur_peer_done"),
                    false
                )
            case .outside: break
            }
            state.phase = .inside
            defer { state.isNodeWaiting = false }
            return (nil, state.isNodeWaiting)
        }
        if let error { throw error }
        if wakes { entries.signal() }
    }

    /// The caller has done what it was told.
    func reply(score: Double) throws(BridgeError) {
        let isExpected = state.withLock { state in
            guard state.phase == .commanded else { return false }
            state.phase = .inside
            state.score = score
            return true
        }
        guard isExpected else { throw BridgeError(.outOfTurn, "the peer has given no command to answer") }
        replies.signal()
    }

    /// What the call that is in came to, waited for no longer than a slice; nil where it is not there yet. Where no
    /// call is in, what the last one came to.
    func wait(milliseconds: Int) -> Outcome? {
        let begin = clock.now
        defer {
            let seconds = clock.now - begin
            state.withLock { $0.secondsWaited += seconds }
        }
        while true {
            let (outcome, isOver) = state.withLock { state -> (Outcome?, Bool) in
                if let failure = state.failure, state.outcome == nil {
                    state.phase = .outside
                    return (.failed(failure), true)
                }
                guard state.phase == .inside else { return (state.last, true) }
                guard let outcome = state.outcome else {
                    state.isCallerWaiting = true
                    return (nil, false)
                }
                state.outcome = nil
                state.last = outcome
                if case .command = outcome { state.phase = .commanded } else { state.phase = .outside }
                return (outcome, true)
            }
            if isOver { return outcome }
            guard outcomes.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else {
                // A signal that comes just now ends the next wait early, once.
                state.withLock { $0.isCallerWaiting = false }
                return nil
            }
        }
    }

    /// Seconds in which the caller has waited.
    var secondsWaited: Double { state.withLock { $0.secondsWaited } }

    /// Nobody calls any more: a node that waits for the caller waits no longer.
    func close() {
        state.withLock { $0.isClosed = true }
        entries.signal()
        replies.signal()
    }

    /// Waits until the node touches no tensors any more.
    func waitForEnd() {
        ends.wait()
        ends.signal()
    }

    // MARK: The node's side

    /// The node touches no tensors any more.
    func noteEnd() { ends.signal() }

    /// Whether a call is in and waits for its outcome.
    var isWaitedFor: Bool { state.withLock { $0.phase == .inside && $0.outcome == nil } }

    /// What the call that is in came to.
    func answer(_ outcome: Outcome) {
        tell { state in
            precondition(state.outcome == nil || state.isClosed, "two outcomes for one call")
            state.outcome = outcome
        }
    }

    /// The peer has failed, which every call is told from now on.
    func fail(_ error: BridgeError) {
        tell { $0.failure = $0.failure ?? error }
    }

    private func tell(_ change: (inout State) -> Void) {
        let wakes = state.withLock { state in
            change(&state)
            defer { state.isCallerWaiting = false }
            return state.isCallerWaiting
        }
        if wakes { outcomes.signal() }
    }

    /// Has the caller do something once a call is in, and waits for its answer; nil where nobody calls any more.
    ///
    /// - Parameter prepare: Writes the tensors for it, while the caller waits.
    func ask(_ prepare: () -> Command) -> Double? {
        while true {
            let (isInside, isClosed) = state.withLock { state in
                let isInside = state.phase == .inside
                state.isNodeWaiting = !isInside
                return (isInside, state.isClosed)
            }
            if isClosed { return nil }
            if isInside { break }
            entries.wait()
        }
        answer(.command(prepare()))
        while true {
            replies.wait()
            let (score, isClosed) = state.withLock { state in
                defer { state.score = nil }
                return (state.score, state.isClosed)
            }
            if isClosed { return nil }
            if let score { return score }
        }
    }
}
