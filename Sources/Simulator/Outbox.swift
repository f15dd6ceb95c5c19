import Gossip
import Runtime
import Vectors

/// Takes note of what a node asks, for the simulation to carry out afterwards; holds the node's learner.
final class Outbox<Learning: Learner & ~Copyable> {
    private var learner: Learning
    private let pool: PayloadPool
    /// The model of the gradient that the node has asked for and not heard of.
    private var request: (model: Payload, scale: Float)?
    private var gradient: FlatVector?
    /// The same of a pass.
    private var pass: PassRequest?
    private var isAsked = false
    private var frames: [Frame] = []
    private var timers: [(NodeTimer, Time)] = []

    init(learner: consuming Learning, pool: PayloadPool) {
        self.learner = learner
        self.pool = pool
    }

    func send(_ frame: Frame) { frames.append(frame) }
    func setTimer(_ timer: NodeTimer, at time: Time) { timers.append((timer, time)) }

    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        if let spent { pool.giveBack(spent) }
        request = (model, scale)
        isAsked = true
    }

    func beginPass(_ request: PassRequest) {
        pass = request
        isAsked = true
    }

    func drop(_ pass: Pass) { learner.drop(pass) }

    /// The work of what was asked for, as a share of that of a gradient.
    var cost: Double { pass.map { learner.cost(of: $0) } ?? 1 }

    /// Whether a pass is to begin.
    var isBeginning: Bool { pass?.model != nil }

    /// Computes what was asked for, when its virtual time has come: until then the request is a shared model.
    func compute() -> Inbound {
        guard let request = pass else { return .gradientReady(computeGradient()) }
        pass = nil
        let result = learner.advance(request, pool)
        let report = result.report
        gradient = result.takeGradient()
        return .passAdvanced(report)
    }

    private func computeGradient() -> GradientReport {
        guard let (model, scale) = request else {
            preconditionFailure("a gradient came that nobody asked for")
        }
        request = nil
        learner.load(model, scale: scale)
        let result = learner.gradient(into: pool.block(count: model.count))
        let report = result.report
        gradient = result.takeGradient()
        return report
    }

    func takeGradient() -> FlatVector {
        guard let vector = gradient.take() else { preconditionFailure("a gradient is taken twice") }
        return vector
    }

    /// The learner's state, and what the gradient or pass under way begins or goes on with.
    var state: StateDict {
        var numbers = StateDict()
        numbers.insert(learner.state, under: "learner")
        if let (model, scale) = request {
            numbers.vectors["pending"] = model.array()
            numbers.words["scale"] = [UInt64(scale.bitPattern)]
        }
        if let pass { numbers.insert(pass.saved, under: "pass") }
        return numbers
    }

    func restore(_ state: StateDict) throws(StateError) {
        try learner.restore(state.part(under: "learner"))
        gradient = nil
        request = nil
        let saved = state.part(under: "pass")
        pass = saved.isEmpty ? nil : try PassRequest(saved)
        if let pending = state.vectors["pending"] {
            let scale = Float(bitPattern: UInt32(truncatingIfNeeded: try state.words("scale", count: 1)[0]))
            request = (Payload(pending), scale)
        }
    }

    /// Whether a gradient or a pass is under way.
    var hasRequest: Bool { request != nil || pass != nil }

    func takeFrames() -> [Frame] { taken(&frames) }
    func takeTimers() -> [(NodeTimer, Time)] { taken(&timers) }

    /// Whether something to compute was asked for since the last look.
    func takeRequest() -> Bool {
        defer { isAsked = false }
        return isAsked
    }

    private func taken<Item>(_ items: inout [Item]) -> [Item] {
        defer { items = [] }
        return items
    }
}
