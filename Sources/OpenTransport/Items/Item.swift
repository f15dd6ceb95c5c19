/// What travels on a link, within TLS. All numbers are little-endian.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 1 | kind, see `ItemKind` |
/// | 1 | 1 | flags, 0 |
/// | 2 | 2 | 0 |
/// | 4 | 4 | how many bytes stand behind the header, at most 64 KiB |
/// | 8 | 8 | number: of a frame on its link, of a ping; 0 where an item has none |
///
/// There is no checksum: TLS has one.
public struct Item: Sendable, Hashable {
    /// What an item says.
    enum Content: Sendable, Hashable {
        /// The first item of either side.
        case hello(Hello)
        /// Instead of a greeting: why the other side is not let in.
        case refusal(RefusalNotice)
        /// A sign of life, and news of the members.
        case ping(Ping)
        /// How two members find out what one of them does not know; what stands in it is membership's.
        case sync(SyncForm, [UInt8])
        /// A message of a node; its payload follows in chunks once the other side lets it.
        case frame(FrameOpening)
        /// The payload of the frame of that number may come.
        case go
        /// The next part of the payload of the frame of that number.
        case chunk([UInt8])
        /// The last item: why the link ends.
        case shutdown(ShutdownReason)
        /// What is trained, as YAML; empty where it is asked for.
        case experiment(String)
        /// Whether the other side can be reached from outside: asked or answered.
        case dialBack(DialBack)
    }

    var number: UInt64
    var content: Content

    static let headerByteCount = 16
    /// Most bytes behind a header.
    static let mostBodyBytes = 1 << 16
    /// Most bytes of a record of a member, whatever is in it: membership knows.
    static let mostRecordBytes = 1020
}
