import Gossip
import Graphs
import InProcessTransport
import Runtime
import Synchronization
import Vectors

/// A peer as its caller has it: the calls come in here, on the caller's thread. What arrives, and most calls, are
/// served on the peer's own.
final class PeerHost: Sendable {
    /// What the call is about that came last.
    enum Call: Sendable {
        case open, step, finish
        case consensus(TensorMemory)
        case save(CountPlace)
        case restore([UInt8])

        /// Whether a gradient is wanted from the caller when it is over.
        var wantsGradient: Bool {
            switch self {
            case .open, .step, .restore: true
            case .finish, .consensus, .save: false
            }
        }
    }

    private struct State {
        var call = Call.open
        var owner: UInt64
        /// Whether the caller has a point to take a gradient at, and owes one.
        var owesGradient = false
        /// Whether no further step is taken.
        var isFinished = false
        /// Whether the others were taken leave of.
        var hasEnded = false
        var isClosing = false
        /// Whether the node's thread may be at the caller's tensors.
        var isRunning = false
        var saved: [UInt8]?
        var figures = PeerFigures()
        var driver: PeerDriver?
        /// Whether somebody of an open network has let the peer in, or it founds one.
        var isIn = false
    }

    let settings: PeerSettings
    let readsGradient: Bool
    /// Whether the caller's thread may carry out what follows of its step: where nothing of that has to ask the caller.
    private let stepsInPlace: Bool
    let tensors: CallerTensors
    let pool = PayloadPool()
    let clock = PeerClock()
    let seat: CallerSeat
    let rate = StepRate()
    /// The node's ear.
    let mail: InProcessNetwork
    private let state: Mutex<State>

    /// How long a call waits before it comes back without having ended.
    private static let sliceMilliseconds = 100

    /// A peer that belongs to that thread; a server's tensors are none.
    init(_ settings: PeerSettings, _ memory: TensorMemory, owner: UInt64) {
        self.settings = settings
        let clock = clock
        let traits = AlgorithmSource.traits(settings.algorithm.name, options: settings.algorithm.options)
        readsGradient = traits.readsGradient
        stepsInPlace =
            !traits.readsGradient && !traits.needsScores && !AlgorithmSource.isForeign(settings.algorithm.name)
        tensors = CallerTensors(memory, pool: pool)
        seat = CallerSeat(clock)
        mail = InProcessNetwork(peers: 1) { clock.now }
        state = Mutex(State(owner: owner))
    }

    // MARK: The caller's side

    /// The node's thread is about to begin, and the caller to wait for it.
    func begin() throws(BridgeError) { try seat.enter() }

    /// Throws unless the peer belongs to that thread.
    func check(thread: UInt64) throws(BridgeError) {
        guard state.withLock({ $0.owner == thread && !$0.isClosing }) else {
            throw BridgeError(
                .wrongThread,
                "the peer belongs to another thread; step it where it was opened, or call murmur_peer_adopt first")
        }
    }

    /// The peer belongs to that thread from now on.
    func adopt(_ thread: UInt64) { state.withLock { $0.owner = thread } }

    /// What the last call came to; nil where it is not there within a slice.
    func wait() -> CallerSeat.Outcome? {
        let outcome = seat.wait(milliseconds: Self.sliceMilliseconds)
        state.withLock { state in
            switch outcome {
            case .done? where state.call.wantsGradient: state.owesGradient = true
            case .finished?: (state.isFinished, state.owesGradient) = (true, false)
            default: break
            }
        }
        return outcome
    }

    /// The caller's optimizer is about to step.
    func beginStep() { state.withLock { $0.driver }?.beginStep() }

    /// The caller has a gradient, or has stepped by it.
    ///
    /// - Parameter gradients: Where the gradients lie; nil where the optimizer has stepped.
    func step(
        _ report: GradientReport, _ learningRate: Float, gradients: ((TensorMemory) -> TensorMemory)?
    ) throws(BridgeError) -> CallerSeat.Outcome? {
        guard readsGradient == (gradients != nil) else {
            throw BridgeError(
                .outOfTurn,
                readsGradient
                    ? "\(settings.algorithm.name) changes the gradient before the step; call murmur_peer_gradient first"
                    : "\(settings.algorithm.name) takes steps as they were made; call murmur_peer_step behind them")
        }
        if state.withLock({ $0.isFinished || $0.hasEnded }) { return .finished(Command(.none)) }
        guard state.withLock({ $0.owesGradient }) else {
            throw BridgeError(.outOfTurn, "no gradient is wanted yet; call murmur_peer_wait until one is")
        }
        try enter(.step)
        state.withLock { $0.owesGradient = false }
        rate.value = learningRate
        if let gradients { tensors.setGradients(gradients) } else { tensors.noteStep() }
        let driver = state.withLock { state in
            state.figures.losses.count(report)
            return state.driver
        }
        let waker = mail.waker(for: 0)
        if stepsInPlace, let driver, !driver.mayWait {
            if driver.step(report) { waker.post(.wake) }
        } else {
            waker.post(.gradientReady(report))
        }
        return wait()
    }

    /// The caller has done what it was told.
    func reply(score: Double) throws(BridgeError) -> CallerSeat.Outcome? {
        try seat.reply(score: score)
        return wait()
    }

    /// The call that is not about a gradient begins.
    func begin(_ call: Call) throws(BridgeError) -> CallerSeat.Outcome? {
        if state.withLock({ $0.hasEnded }) {
            if case .finish = call { return .finished(Command(.none)) }
            throw BridgeError(.outOfTurn, "the peer has finished and taken leave of the others; ask before that")
        }
        try enter(call)
        state.withLock { $0.driver }?.endStep()
        mail.waker(for: 0).post(.wake)
        return wait()
    }

    private func enter(_ call: Call) throws(BridgeError) {
        try seat.enter()
        state.withLock { $0.call = call }
    }

    /// The state that was put together last, once.
    func takeState() -> [UInt8]? { state.withLock { $0.saved.take() } }

    /// Figures as of now.
    func figures() -> PeerFigures {
        let (copies, waited, now) = (tensors.copies, seat.secondsWaited, clock.now)
        return state.withLock { state in
            state.figures.loss = state.figures.losses.take()?.loss
            var figures = state.figures
            figures.seconds = figures.beganAt.map { now.seconds - $0 } ?? 0
            figures.waitingSeconds = waited
            (figures.copiesIn, figures.copiesOut) = copies
            return figures
        }
    }

    /// Nobody calls any more. When this returns the tensors are the caller's alone.
    func close() {
        let isRunning = state.withLock { state in
            state.isClosing = true
            return state.isRunning
        }
        seat.close()
        mail.waker(for: 0).post(.wake)
        if isRunning { seat.waitForEnd() }
    }

    // MARK: The node's side

    /// What the call is about that is in, or was last.
    var call: Call { state.withLock { $0.call } }

    /// Whether the caller is through with the peer.
    var isClosing: Bool { state.withLock { $0.isClosing } }

    /// Whether the node's thread may touch tensors from now on: not where the peer was closed before.
    func mayRun() -> Bool {
        state.withLock { state in
            state.isRunning = !state.isClosing
            return state.isRunning
        }
    }

    /// By this the node is driven from now on.
    func note(_ driver: PeerDriver) { state.withLock { $0.driver = driver } }

    /// The node's thread touches no tensors any more.
    func noteEnd() {
        // The loop knows this peer.
        state.withLock { $0.driver = nil }
        seat.noteEnd()
    }

    /// The peer is in an open network.
    func noteEntry() { state.withLock { $0.isIn = true } }

    /// What an open network has to tell.
    func take(_ notice: LinkNotice) {
        switch notice {
        case .joined: noteEntry()
        // Who is in can do without the one that refuses.
        case .refused(let error): if !state.withLock({ $0.isIn }) { seat.fail(BridgeError(.unreachable, "\(error)")) }
        case .ended(let error): seat.fail(BridgeError(.unreachable, "\(error)"))
        case .remark: break
        }
    }

    /// The others were taken leave of.
    func noteLeave() { state.withLock { $0.hasEnded = true } }

    /// Another state is gone on from, so that steps may be taken again.
    func noteRestored() { state.withLock { $0.isFinished = false } }

    /// Keeps the state that the caller asked for.
    func keep(_ saved: [UInt8]) { state.withLock { $0.saved = saved } }

    /// Changes the figures.
    func publish(_ change: (inout PeerFigures) -> Void) { state.withLock { change(&$0.figures) } }
}
