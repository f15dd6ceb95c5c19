import Gossip
import Runtime
import Vectors

/// The node's side of the outbox, and of its own learner.
final class SimulatedPort: Port {
    private let outbox: Outbox
    private let computation: Computation

    init(_ outbox: Outbox, _ computation: Computation) {
        self.outbox = outbox
        self.computation = computation
    }

    func send(_ frame: Frame) { outbox.send(frame) }
    func setTimer(_ timer: NodeTimer, at time: Time) { outbox.setTimer(timer, at: time) }

    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        computation.ask(.gradient(at: model, scale: scale), reusing: spent)
        outbox.askToCompute()
    }

    func beginPass(_ request: PassRequest) {
        computation.ask(.pass(request), reusing: nil)
        outbox.askToCompute()
    }

    func takeGradient() -> FlatVector { computation.takeGradient() }
    func drop(_ pass: Pass) { computation.drop(pass) }
}
