import Checkpoints
import Dispatch
import Foundation
import Gossip
import Graphs
import Runs
import Runtime
import Synchronization
import Threads
import Vectors

/// The thread on which one peer's gradients and passes run, while its node's thread goes on handling messages.
///
/// The learner is shared between the two under a lock that is never contended: the node loads a model only when no
/// gradient is under way, and passes that it drops are forgotten when the next one is computed.
final class ComputeThread: Sendable {
    private let learner: Mutex<any Learner & ~Copyable>
    private let vector = Mutex<FlatVector?>(nil)
    private let request = Mutex<PassRequest?>(nil)
    private let dropped = Mutex<[Pass]>([])
    private let times = Mutex<Times?>(nil)
    private let pool: PayloadPool
    private let requests = DispatchSemaphore(value: 0)
    private let isEnding = Atomic(false)
    private let stopwatch: Stopwatch
    private let stragglerDelay: StragglerDelay?

    /// When a request was computed, by the time of training.
    struct Times {
        /// The pass that was computed on; nil where it was a gradient.
        let pass: Pass?
        let isBeginning: Bool
        let begin: Duration
        let end: Duration
    }

    /// - Parameters:
    ///   - pool: where a gradient's block comes from when the node has none to be used again.
    ///   - stopwatch: measures the time that gradients take.
    ///   - slowness: what makes the peer slower than it is; nil for a peer that never is.
    init(
        _ learner: consuming sending any Learner & ~Copyable, pool: PayloadPool, stopwatch: Stopwatch,
        stragglerDelay: StragglerDelay? = nil
    ) {
        self.stragglerDelay = stragglerDelay
        self.learner = Mutex(learner)
        self.pool = pool
        self.stopwatch = stopwatch
    }

    /// Seconds of training spent in gradients so far.
    var gradientSeconds: Double { stopwatch.reading.spent.inSeconds }

    /// The time of training in which no gradient was under way, so far.
    var idleTime: Duration {
        let (training, spent) = stopwatch.reading
        return training - spent
    }

    /// Begins the thread. Every gradient, and every stretch of a pass, goes through the gate, and is announced by
    /// `waker`.
    func start(peer: PeerID, gate: Gate, waker: Waker) throws(ThreadShortage) {
        try SystemThread.start("compute \(peer)", stackBytes: 8 << 20) { [self] in
            while true {
                requests.wait()
                if isEnding.load(ordering: .acquiring) { return }
                let computed =
                    if let stragglerDelay {
                        stragglerDelay.stretch { passing(gate) }
                    } else {
                        passing(gate).report
                    }
                waker.post(computed)
            }
        }
    }

    /// The peer is as fast as it can be from now on.
    func stopStragglerDelay() { stragglerDelay?.stop() }

    /// Ends the thread once it has nothing to compute.
    func end() {
        stopStragglerDelay()
        isEnding.store(true, ordering: .releasing)
        requests.signal()
    }

    /// Loads the model, at once and on the caller's thread, and has a gradient computed into the spent block or one of
    /// the pool. The model is kept no longer than until the gradient is there.
    func begin(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        learner.withLock { $0.load(model, scale: scale) }
        var box: FlatVector? = spent ?? pool.block(count: model.count)
        vector.withLock { $0 = box.take() }
        requests.signal()
    }

    /// Has a pass computed on.
    func begin(_ pass: PassRequest) {
        request.withLock { $0 = pass }
        requests.signal()
    }

    /// Has a pass forgotten, before anything else is computed.
    func drop(_ pass: Pass) { dropped.withLock { $0.append(pass) } }

    /// The vector of the gradient that was announced.
    func takeGradient() -> FlatVector {
        guard let gradient = vector.withLock({ $0.take() }) else {
            preconditionFailure("a gradient is taken that was not computed")
        }
        return gradient
    }

    /// What a checkpoint keeps while no gradient is being computed: the learner's state, the gradient that the node has
    /// not taken yet, and the time of all gradients.
    func state() -> (numbers: StateDict, gradientNanoseconds: Int64) {
        var numbers = StateDict()
        dropPasses()
        numbers.insert(learner.withLock { $0.state }, under: PeerState.learnerName)
        vector.withLock { vector in
            switch vector {
            case .some(let gradient): numbers.vectors[PeerState.pendingName] = gradient.array()
            case .none: break
            }
        }
        return (numbers, stopwatch.reading.spent.wholeNanoseconds)
    }

    /// Goes on from such a state, before the thread begins. Throws where it is none of this learner, or lacks the
    /// gradient that was computed.
    func restore(_ numbers: StateDict, isGradientReady: Bool, count: Int) throws(StateError) {
        let part = numbers.part(under: PeerState.learnerName)
        try learner.withLock { learner throws(StateError) in try learner.restore(part) }
        guard isGradientReady else { return }
        let pending = FlatVector(try numbers.vector(PeerState.pendingName, count: count))
        var box: FlatVector? = consume pending
        vector.withLock { $0 = box.take() }
    }

    private func passing(_ gate: Gate) -> (report: Inbound, seconds: Double) {
        gate.enter()
        defer { gate.leave() }
        let begin = ContinuousClock.now
        let request = request.withLock { $0.take() }
        let (pass, isBeginning) = (request?.pass, request?.model != nil)
        stopwatch.start()
        let computed: Inbound =
            if let request { .passAdvanced(advance(request)) } else { .gradientReady(computeGradient()) }
        let span = stopwatch.stop()
        times.withLock { $0 = Times(pass: pass, isBeginning: isBeginning, begin: span.begin, end: span.end) }
        return (computed, (ContinuousClock.now - begin).inSeconds)
    }

    /// When the request was computed that was announced last; nil where none was.
    var lastTimes: Times? { times.withLock { $0 } }

    private func advance(_ request: PassRequest) -> PassReport {
        dropPasses()
        var gradient: FlatVector?
        let report = learner.withLock { learner in
            let result = learner.advance(request, pool)
            let report = result.report
            gradient = result.takeGradient()
            return report
        }
        if let ended = gradient.take() {
            var box: FlatVector? = consume ended
            vector.withLock { $0 = box.take() }
        }
        return report
    }

    private func dropPasses() {
        let passes = dropped.withLock { passes in
            defer { passes = [] }
            return passes
        }
        if !passes.isEmpty { learner.withLock { learner in for pass in passes { learner.drop(pass) } } }
    }

    private func computeGradient() -> GradientReport {
        var box: FlatVector? = takeGradient()
        let report = learner.withLock { learner in
            guard let gradient = box.take() else { preconditionFailure("a gradient has no vector to go to") }
            let result = learner.gradient(into: gradient)
            let report = result.report
            box = result.takeGradient()
            return report
        }
        vector.withLock { $0 = box.take() }
        return report
    }
}
