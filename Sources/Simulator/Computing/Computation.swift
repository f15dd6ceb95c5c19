import Gossip
import Runtime
import Synchronization
import Vectors

/// A peer's learner with what was asked of it, which is told when its virtual time has come. Until then any thread may
/// compute it, whoever is first: it begins with a model or parts that nobody changes, and the learner is the peer's
/// own, so it comes to the same bits whenever and wherever that is. The lock is where others wait for a thread that is
/// at it.
final class Computation: ComputedAhead {
    enum Request {
        case gradient(at: Payload, scale: Float)
        case pass(PassRequest)
    }

    private struct Desk: ~Copyable {
        /// What is still to be computed.
        var request: Request?
        /// What was computed and is still to be told.
        var result: Inbound?
        var gradient: FlatVector?
        var isAhead = false
        /// The work of what was asked for, as a share of that of a gradient.
        var cost = 1.0
        /// The pass that it is a stretch of; nil for a gradient.
        var pass: Pass?
        /// Whether a pass begins by it.
        var isBeginning = false

        /// Multiplications of a gradient.
        let gradientWork: Double
        var learner: any Learner & ~Copyable

        init(_ learner: consuming sending any Learner & ~Copyable) {
            self.learner = learner
            gradientWork = self.learner.work
        }

        mutating func compute(_ pool: PayloadPool) {
            guard let request = request.take() else { return }
            switch request {
            case .gradient(let model, let scale):
                learner.load(model, scale: scale)
                let computed = learner.gradient(into: pool.block(count: model.count))
                result = .gradientReady(computed.report)
                gradient = computed.takeGradient()
            case .pass(let request):
                let computed = learner.advance(request, pool)
                result = .passAdvanced(computed.report)
                gradient = computed.takeGradient()
            }
        }

        mutating func forget() {
            request = nil
            result = nil
            gradient = nil
            isAhead = false
        }
    }

    private let desk: Mutex<Desk>
    private let pool: PayloadPool
    let byteCount: Int

    /// - Parameters:
    ///   - pool: where gradients have their blocks from.
    ///   - count: numbers in a gradient.
    init(_ learner: consuming sending any Learner & ~Copyable, pool: PayloadPool, count: Int) {
        desk = Mutex(Desk(learner))
        self.pool = pool
        byteCount = count * MemoryLayout<Float>.stride
    }

    /// Takes a request; `spent` is a block that is not needed any more.
    func ask(_ request: Request, reusing spent: consuming FlatVector?) {
        if let spent { pool.giveBack(spent) }
        desk.withLock { desk in
            desk.request = request
            if case .pass(let pass) = request {
                desk.cost = desk.learner.cost(of: pass)
                desk.pass = pass.pass
                desk.isBeginning = pass.model != nil
            } else {
                desk.pass = nil
            }
        }
    }

    func drop(_ pass: Pass) { desk.withLock { $0.learner.drop(pass) } }

    /// What was asked for last: its share in the work of a gradient, its multiplications, the pass that it is a stretch
    /// of, and whether that begins by it.
    var facts: (cost: Double, work: Double, pass: Pass?, isBeginning: Bool) {
        desk.withLock { ($0.cost, $0.cost * $0.gradientWork, $0.pass, $0.isBeginning) }
    }

    func computeAhead() -> Bool {
        desk.withLock { desk in
            guard desk.request != nil else { return false }
            desk.compute(pool)
            desk.isAhead = true
            return true
        }
    }

    /// What came of it, computed now if it is not there, and whether it was computed ahead.
    func take() -> (result: Inbound, isAhead: Bool) { desk.withLock { Self.take(&$0, pool) } }

    /// The same; nil while another thread is at it.
    func takeUnlessBusy() -> (result: Inbound, isAhead: Bool)? {
        desk.withLockIfAvailable { Self.take(&$0, pool) }
    }

    private static func take(_ desk: inout Desk, _ pool: PayloadPool) -> (result: Inbound, isAhead: Bool) {
        desk.compute(pool)
        guard let result = desk.result.take() else { preconditionFailure("what nobody has asked for is to be told") }
        defer { desk.isAhead = false }
        return (result, desk.isAhead)
    }

    /// The gradient of what was told last.
    func takeGradient() -> FlatVector {
        guard let gradient = desk.withLock({ $0.gradient.take() }) else {
            preconditionFailure("a gradient is taken twice")
        }
        return gradient
    }

    /// Gives up what was asked for, if anything was; true where it was computed ahead.
    func abandon() -> Bool {
        desk.withLock { desk in
            defer { desk.forget() }
            return desk.isAhead
        }
    }

    /// Whether something was asked for and not told.
    var isUnderWay: Bool { desk.withLock { $0.request != nil || $0.result != nil } }

    // MARK: Saving

    /// What is saved of it: the learner, and what was asked for as it is when it is computed.
    func saved() -> SavedComputation {
        desk.withLock { desk in
            desk.compute(pool)
            var numbers = StateDict()
            numbers.insert(desk.learner.state, under: SavedComputation.learnerName)
            switch desk.gradient {
            case .some(let gradient): numbers.vectors[HeldPass.pendingName] = gradient.array()
            case .none: break
            }
            return SavedComputation(desk.result, cost: desk.cost, isBeginning: desk.isBeginning, numbers)
        }
    }

    func restore(_ saved: SavedComputation) throws(StateError) {
        try desk.withLock { desk throws(StateError) in
            desk.forget()
            try desk.learner.restore(saved.numbers.part(under: SavedComputation.learnerName))
            desk.result = try saved.result()
            desk.gradient = saved.numbers.vectors[HeldPass.pendingName].map { FlatVector($0) }
            desk.cost = saved.cost
            desk.isBeginning = saved.isBeginning
        }
    }
}
