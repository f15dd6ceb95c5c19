import Gossip
import InProcessTransport
import Runtime
import Vectors

/// Frames go to the transport; there is nothing else to ask for.
final class ExchangePort: Port {
    let transport: InProcessTransport

    init(_ transport: consuming InProcessTransport) { self.transport = transport }

    func send(_ frame: Frame) { transport.send(frame) }
    func setTimer(_ timer: NodeTimer, at time: Time) { preconditionFailure("a talk sets no timers") }
    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        preconditionFailure("a talk computes no gradients")
    }
    func takeGradient() -> FlatVector { preconditionFailure("a talk computes no gradients") }
}
