/// What a link asks of whoever holds its connection, in this order.
enum LinkEffect: Sendable, Hashable {
    /// Send an item.
    case send(Item)
    /// Send the payload of a frame in chunks: the other side waits for it.
    case sendPayload(frame: UInt64)
    /// The other side has greeted and the link is open; this protocol is spoken.
    case open(Hello, protocol: UInt16)
    /// An item for others: pings, lists of members, experiments, dial-backs.
    case pass(Item)
    /// A frame without a payload has come.
    case deliver(frame: UInt64, FrameOpening)
    /// A frame whose payload waits to be let in.
    case admit(frame: UInt64, FrameOpening)
    /// The next bytes of a frame's payload; the frame is whole where they are the last.
    case take(frame: UInt64, [UInt8], isLast: Bool)
    /// The same of so many bytes that lie where they belong already.
    case took(frame: UInt64, byteCount: Int, isLast: Bool)
    /// The other side has not kept to the protocol.
    case breach(Breach)
    /// The link is over: close the connection. What was under way is settled at the next greeting.
    case close(LinkEnd)
}
