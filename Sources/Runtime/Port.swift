public import Gossip
public import Vectors

/// What a node may ask of its surroundings. A port only takes note: it never calls back into the node that uses it.
public protocol Port: ~Copyable {
    mutating func send(_ frame: Frame)

    /// Asks for `Inbound.timer` at that moment.
    mutating func setTimer(_ timer: NodeTimer, at time: Time)

    /// Has the learner load the model as it is now and begin a gradient, answered by `Inbound.gradientReady`.
    mutating func beginGradient(
        at model: Span<Float>, scale: Float, into vector: consuming FlatVector)

    /// Takes the vector of the gradient that was announced.
    mutating func takeGradient() -> FlatVector
}

/// A timer of the algorithm or of the session beneath it.
public enum NodeTimer: Sendable, Hashable, Codable {
    case algorithm(TimerID)
    case retransmission
}
