import Runtime
import Vectors

/// What is handed to the engine, to go out in this order.
enum Outgoing: Sendable {
    case frame(Frame, to: Int)
    case letter(Letter, to: Int)
    case beat(to: Int)
    case farewell(to: Int)
    case sum(Payload, @Sendable (Payload) -> Void)
}

/// What the engine hands on, outside its lock.
enum Arrived: Sendable {
    case frame(Frame, from: Int)
    case letter(Letter, from: Int)
    case sum(Payload, @Sendable (Payload) -> Void)
    case silence(Int)
}
