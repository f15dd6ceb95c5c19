import Runtime
import Vectors

/// What the engine hands on, outside its lock.
enum Arrived: Sendable {
    case frame(Frame, from: Int)
    case controlMessage(ControlMessage, from: Int)
    case sum(Payload, @Sendable (Payload) -> Void)
    case timeout(Int)
}
