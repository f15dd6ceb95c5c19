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

/// The thread on which one peer's gradients run, while its node's thread goes on handling messages.
///
/// The learner is shared between the two under a lock that is never contended: the node loads a model only when no
/// gradient is under way.
final class ComputeThread<Learning: Learner & ~Copyable>: Sendable {
    private let learner: Mutex<Learning>
    private let vector = Mutex<FlatVector?>(nil)
    private let pool: PayloadPool
    private let requests = DispatchSemaphore(value: 0)
    private let isEnding = Atomic(false)
    private let stopwatch: Stopwatch
    private let stragglerDelay: StragglerDelay?

    /// - Parameters:
    ///   - pool: where a gradient's block comes from when the node has none to be used again.
    ///   - stopwatch: measures the time that gradients take.
    ///   - slowness: what makes the peer slower than it is; nil for a peer that never is.
    init(
        _ learner: consuming sending Learning, pool: PayloadPool, stopwatch: Stopwatch,
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

    /// Begins the thread. Every gradient passes the gate, and is announced by `waker`.
    func start(peer: PeerID, gate: Gate, waker: Waker) throws(ThreadShortage) {
        try SystemThread.start("compute \(peer)", stackBytes: 8 << 20) { [self] in
            while true {
                requests.wait()
                if isEnding.load(ordering: .acquiring) { return }
                let report =
                    if let stragglerDelay {
                        stragglerDelay.stretch { passing(gate) }
                    } else {
                        passing(gate).report
                    }
                waker.post(.gradientReady(report))
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

    private func passing(_ gate: Gate) -> (report: GradientReport, seconds: Double) {
        gate.enter()
        defer { gate.leave() }
        return computeGradient()
    }

    private func computeGradient() -> (report: GradientReport, seconds: Double) {
        let begin = ContinuousClock.now
        stopwatch.start()
        defer { stopwatch.stop() }
        var box: FlatVector? = takeGradient()
        let report = learner.withLock { learner in
            guard let gradient = box.take() else { preconditionFailure("a gradient has no vector to go to") }
            let result = learner.gradient(into: gradient)
            let report = result.report
            box = result.takeGradient()
            return report
        }
        vector.withLock { $0 = box.take() }
        return (report, (ContinuousClock.now - begin).inSeconds)
    }
}
