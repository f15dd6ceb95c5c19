public import Vectors

/// Messages by what a network stands on and nothing of ours: the measure of what we add to it.
public struct NetworkBaseline: Sendable {
    /// Its name for people, such as "plain MPI".
    public let name: String
    /// Seconds of so many times there and back between ranks 0 and 1, both of whom call it, with these bytes, which it
    /// overwrites. Nothing else goes on meanwhile.
    public let pingPongSeconds: @Sendable (Payload, _ rounds: Int) -> Double

    /// The name is shown beside the figures.
    public init(name: String, pingPongSeconds: @escaping @Sendable (Payload, _ rounds: Int) -> Double) {
        self.name = name
        self.pingPongSeconds = pingPongSeconds
    }
}
