/// What a network between processes hands on, on a thread of its own that must not be kept waiting.
public struct ProcessArrivals: Sendable {
    /// A frame, and the rank it came from.
    public let frame: @Sendable (Frame, Int) -> Void
    /// A control message, and the rank it came from.
    public let controlMessage: @Sendable (ControlMessage, Int) -> Void
    /// That rank is gone, cannot be reached, or nothing has been heard of it for so long that it must be gone; told
    /// once, behind all that came from it before. Rank 0 hears this of every rank. The others hear it of rank 0, and
    /// of another one at the latest when rank 0, told `forget`, lives to say so; a network on which all hear each other
    /// tells every rank of every other one at once.
    public let timeout: @Sendable (Int) -> Void

    /// Each of these is called on the network's thread.
    public init(
        frame: @escaping @Sendable (Frame, Int) -> Void,
        controlMessage: @escaping @Sendable (ControlMessage, Int) -> Void,
        timeout: @escaping @Sendable (Int) -> Void
    ) {
        self.frame = frame
        self.controlMessage = controlMessage
        self.timeout = timeout
    }
}
