/// What an open network hands on, on a thread of its own that must not be kept waiting.
public struct LinkArrivals: Sendable {
    /// What has happened to a link, or has come over it, for the peer's node. Of each place come, for each connection:
    /// `greetingWanted`, `linkUp`, frames, `linkDown`; and at last `doubtOver`, and `forgotten` before the place stands
    /// for somebody else.
    public let inbound: @Sendable (Inbound) -> Void
    /// Something that whoever runs the peer should know.
    public let notice: @Sendable (LinkNotice) -> Void

    /// Each of these is called on the network's thread.
    public init(
        inbound: @escaping @Sendable (Inbound) -> Void, notice: @escaping @Sendable (LinkNotice) -> Void
    ) {
        self.inbound = inbound
        self.notice = notice
    }
}
