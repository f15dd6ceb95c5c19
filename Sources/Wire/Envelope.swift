public import Runtime

/// What goes ahead on a network between ranks that sends payloads apart from it and loses nothing: a frame's header, or
/// one of a few words between ranks. Always of one size, so that its receipt can be prepared.
///
/// The bytes are those of a frame's header, see `Layout`, with more kinds: 16 a control message without a payload, 17 a
/// control message with one, both with the count of their words at offset 24; 18 a beat; 19 a shutdown; 20 a loss and
/// 21 a rank that cannot be reached, both with its number at offset 24.
public enum Envelope: Sendable {
    /// A frame without its payload, how many numbers that has, and whether they are packed.
    case frame(Frame, payload: Int?, isPacked: Bool)
    case controlMessage(words: Int, payload: Int?)
    /// Nothing but a sign of life.
    case heartbeat
    /// No frame and no letter comes behind it.
    case shutdown
    /// That rank is gone.
    case loss(rank: Int)
    /// The sender cannot reach that rank.
    case unreachable(rank: Int)

    /// Bytes of every envelope: those of a frame's header.
    public static let byteCount = Layout.headerByteCount

    private enum Kind: UInt16 {
        case controlMessage = 16
        case controlMessageWithPayload = 17
        case heartbeat = 18
        case shutdown = 19
        case loss = 20
        case unreachable = 21
    }

    /// The envelope as it travels, of `byteCount` bytes, little-endian.
    public var encoded: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        switch self {
        case .frame(let frame, let count, let isPacked):
            frame.storeHeader(in: &raw, payload: count, isPacked: isPacked)
        case .controlMessage(let words, let count):
            raw.storeOpening((count == nil ? Kind.controlMessage : .controlMessageWithPayload).rawValue, payload: count)
            raw.store(UInt64(words), at: 24)
        case .heartbeat:
            raw.storeOpening(Kind.heartbeat.rawValue, payload: nil)
        case .shutdown:
            raw.storeOpening(Kind.shutdown.rawValue, payload: nil)
        case .loss(let rank):
            raw.storeOpening(Kind.loss.rawValue, payload: nil)
            raw.store(UInt64(rank), at: 24)
        case .unreachable(let rank):
            raw.storeOpening(Kind.unreachable.rawValue, payload: nil)
            raw.store(UInt64(rank), at: 24)
        }
        return bytes
    }

    /// Throws `WireError` when the bytes are no envelope of this version.
    public init(encoded bytes: [UInt8]) throws(WireError) {
        guard bytes.count >= Self.byteCount else { throw .truncated(byteCount: bytes.count, needed: Self.byteCount) }
        guard bytes.count == Self.byteCount else { throw .surplus(byteCount: bytes.count, needed: Self.byteCount) }
        let span = bytes.span
        let raw = span.bytes
        let count = try raw.announcedCount()
        let number = raw.word(at: 6, as: UInt16.self)
        if let kind = Layout.Kind(rawValue: number) {
            guard kind.hasPayload || count == 0 else { throw .payload(kind: number, count: count) }
            self = .frame(
                Frame(header: raw, kind, payload: nil), payload: kind.hasPayload ? count : nil,
                isPacked: kind == .packedMessage)
            return
        }
        guard let kind = Kind(rawValue: number) else { throw .kind(number) }
        guard kind == .controlMessageWithPayload || count == 0 else { throw .payload(kind: number, count: count) }
        let word = raw.word(at: 24, as: UInt64.self)
        guard let place = Int(exactly: word) else { throw .kind(number) }
        self =
            switch kind {
            case .controlMessage: .controlMessage(words: place, payload: nil)
            case .controlMessageWithPayload: .controlMessage(words: place, payload: count)
            case .heartbeat: .heartbeat
            case .shutdown: .shutdown
            case .loss: .loss(rank: place)
            case .unreachable: .unreachable(rank: place)
            }
    }
}
