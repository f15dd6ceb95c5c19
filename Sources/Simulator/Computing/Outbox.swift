import Gossip
import Runtime
import Vectors

/// Takes note of what a node asks, for the simulation to carry out afterwards.
final class Outbox<Learning: Learner & ~Copyable> {
    let computation: Computation<Learning>
    private let pool: PayloadPool
    private var isAsked = false
    private var frames: [Frame] = []
    private var timers: [(NodeTimer, Time)] = []

    init(_ computation: Computation<Learning>, pool: PayloadPool) {
        self.computation = computation
        self.pool = pool
    }

    func send(_ frame: Frame) { frames.append(frame) }
    func setTimer(_ timer: NodeTimer, at time: Time) { timers.append((timer, time)) }

    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        if let spent { pool.giveBack(spent) }
        ask(.gradient(at: model, scale: scale))
    }

    func ask(_ request: Computation<Learning>.Request) {
        computation.ask(request)
        isAsked = true
    }

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
