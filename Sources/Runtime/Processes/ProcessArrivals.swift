/// What a network between processes hands on, on a thread of its own that must not be kept waiting.
public struct ProcessArrivals: Sendable {
    /// A frame, and the rank it came from.
    public let frame: @Sendable (Frame, Int) -> Void
    /// A control message, and the rank it came from.
    public let controlMessage: @Sendable (ControlMessage, Int) -> Void
    /// Nothing has been heard from that rank for so long that it must be gone, or it cannot be reached. Rank 0 hears
    /// this of every rank, the others of rank 0 only.
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
