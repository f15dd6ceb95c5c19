/// How far the frames of both ends of a link have come, by their places in the order.
struct FramePlaces {
    /// The last that this end's node has sent, and the last of them that the other end has said it handled.
    var sent: UInt64 = 0
    var acknowledged: UInt64 = 0
    /// The last that the other end has announced, and the last of them that this end's node has handled.
    var received: UInt64 = 0
    var handled: UInt64 = 0

    /// Whether nothing would be in doubt here, and nothing there that has come.
    var isQuiet: Bool { sent == acknowledged && received == handled }
}
