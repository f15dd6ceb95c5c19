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
    private var isGradientAsked = false
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
        isGradientAsked = true
    }

    /// Computes what was asked for, when its virtual time has come: until then the request is a shared model.
    func computeGradient() -> GradientReport {
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

    /// The learner's state, and the model and scale of the gradient under way.
    var state: StateDict {
        var numbers = StateDict()
        numbers.insert(learner.state, under: "learner")
        if let (model, scale) = request {
            numbers.vectors["pending"] = model.array()
            numbers.words["scale"] = [UInt64(scale.bitPattern)]
        }
        return numbers
    }

    func restore(_ state: StateDict) throws(StateError) {
        try learner.restore(state.part(under: "learner"))
        gradient = nil
        request = nil
        if let pending = state.vectors["pending"] {
            let scale = Float(bitPattern: UInt32(truncatingIfNeeded: try state.words("scale", count: 1)[0]))
            request = (Payload(pending), scale)
        }
    }

    /// Whether a gradient is under way.
    var hasRequest: Bool { request != nil }

    func takeFrames() -> [Frame] { taken(&frames) }
    func takeTimers() -> [(NodeTimer, Time)] { taken(&timers) }

    func takeGradientRequest() -> Bool {
        defer { isGradientAsked = false }
        return isGradientAsked
    }

    private func taken<Item>(_ items: inout [Item]) -> [Item] {
        defer { items = [] }
        return items
    }
}
