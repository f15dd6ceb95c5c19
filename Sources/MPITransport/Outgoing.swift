import Runtime
import Vectors

/// What is handed to the engine, to go out in this order.
enum Outgoing: Sendable {
    case frame(Frame, to: Int)
    case controlMessage(ControlMessage, to: Int)
    case heartbeat(to: Int)
    case shutdown(to: Int)
    case sum(Payload, @Sendable (Payload) -> Void)
}
