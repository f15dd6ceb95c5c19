import Gossip
import Runtime
import Vectors

/// The node's side of the outbox.
struct SimulatedPort<Learning: Learner & ~Copyable>: Port {
    let outbox: Outbox<Learning>

    func send(_ frame: Frame) { outbox.send(frame) }
    func setTimer(_ timer: NodeTimer, at time: Time) { outbox.setTimer(timer, at: time) }
    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        outbox.beginGradient(at: model, scale: scale, reusing: spent)
    }
    func takeGradient() -> FlatVector { outbox.computation.takeGradient() }
    func beginPass(_ request: PassRequest) { outbox.ask(.pass(request)) }
    func drop(_ pass: Pass) { outbox.computation.drop(pass) }
}
