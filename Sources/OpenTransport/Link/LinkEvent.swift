/// What happens to a link.
enum LinkEvent: Sendable, Hashable {
    /// TLS is done, and the other side's certificates are good. The own greeting goes out with it, before anything that
    /// comes is handled.
    case secured(Hello)
    /// An item of the other side's.
    case received(Item)
    /// So many bytes of a frame's payload, which lie where they belong already: `IncomingPayloads.admits` let them.
    case receivedPart(frame: UInt64, byteCount: Int)
    /// Bytes of the other side's that are none.
    case malformed(ItemError)
    /// What came is none of what the other side may send, as its receiver finds.
    case breached(Breach)
    /// This side lets the payload of a frame come.
    case granted(frame: UInt64)
    /// This side has a frame to send; its payload goes once the other side lets it.
    case offered(frame: UInt64, FrameOpening)
    /// This side does not let the other in, once it has greeted.
    case refused(RefusalNotice)
    /// This side ends the link.
    case ended(ShutdownReason)
    /// The connection is gone.
    case disconnected
    /// Nothing but time.
    case tick
}
