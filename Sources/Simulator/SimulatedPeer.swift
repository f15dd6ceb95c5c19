import Gossip
import Runtime
import Vectors

/// A peer in the harness: its node, what the node asked for, and how fast it computes.
final class SimulatedPeer<Learning: Learner & ~Copyable, Steps: Stepper & ~Copyable> {
    var node: Node<Steps, HarnessPort<Learning>>
    let outbox: Outbox<Learning>
    let computeSeconds: (UInt64) -> Double
    var isAlive = true
    /// Dead peers of which this one has been told.
    var hasForgotten: Set<PeerID> = []

    init(
        node: consuming Node<Steps, HarnessPort<Learning>>, outbox: Outbox<Learning>,
        computeSeconds: @escaping (UInt64) -> Double
    ) {
        self.node = node
        self.outbox = outbox
        self.computeSeconds = computeSeconds
    }
}

/// Takes note of what a node asks, for the harness to carry out afterwards; holds the node's learner.
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
        model.read { learner.load($0, scale: scale) }
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
    var state: Numbers {
        var numbers = Numbers()
        numbers.insert(learner.state, under: "learner")
        if let (model, scale) = request {
            numbers.vectors["pending"] = model.array()
            numbers.words["scale"] = [UInt64(scale.bitPattern)]
        }
        return numbers
    }

    func restore(_ state: Numbers) throws(StateError) {
        try learner.restore(state.part(under: "learner"))
        gradient = nil
        request = nil
        if let pending = state.vectors["pending"] {
            let scale = Float(bitPattern: UInt32(truncatingIfNeeded: try state.words("scale", count: 1)[0]))
            request = (Payload(pending), scale)
        }
    }

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

/// The node's side of the outbox.
struct HarnessPort<Learning: Learner & ~Copyable>: Port {
    let outbox: Outbox<Learning>

    func send(_ frame: Frame) { outbox.send(frame) }
    func setTimer(_ timer: NodeTimer, at time: Time) { outbox.setTimer(timer, at: time) }
    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        outbox.beginGradient(at: model, scale: scale, reusing: spent)
    }
    func takeGradient() -> FlatVector { outbox.takeGradient() }
}

/// Something that will happen.
struct Scheduled: Comparable {
    let time: Time
    let number: UInt64
    let target: PeerID
    let inbound: Inbound

    static func < (a: Scheduled, b: Scheduled) -> Bool { (a.time, a.number) < (b.time, b.number) }
    static func == (a: Scheduled, b: Scheduled) -> Bool { a.number == b.number }

    func isFrame(touching peer: PeerID) -> Bool {
        if case .frame(let frame) = inbound { frame.from == peer || frame.to == peer } else { false }
    }
}
