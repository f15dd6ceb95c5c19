/// Makes items of a stream of bytes that somebody sends. Holds one item at the most, and nothing of one whose header
/// says that it may not be.
package struct ItemReader {
    /// Whether the other side has greeted; until then only greetings are taken in. What it says then may also come on a
    /// link that this side has given up meanwhile, which is no breach.
    private var hasGreeted: Bool

    private var buffer: [UInt8] = []
    private var header: (kind: ItemKind, byteCount: Int, number: UInt64)?

    /// A reader at the begin of a link, or of one that is open.
    package init(hasGreeted: Bool = false) { self.hasGreeted = hasGreeted }

    /// How many bytes wait for the rest of their item.
    package var heldByteCount: Int { buffer.count }

    /// How many bytes the next header or item lacks.
    var missingByteCount: Int { (header?.byteCount ?? Item.headerByteCount) - buffer.count }

    /// The rest of a part of a payload, by the number of its frame, where the next bytes are of it and none is held.
    var chunk: (frame: UInt64, byteCount: Int)? {
        guard let header, header.kind == .chunk, buffer.isEmpty else { return nil }
        return (header.number, header.byteCount)
    }

    /// So many bytes of that went elsewhere.
    mutating func skip(_ count: Int) {
        guard let whole = header else { return }
        header = count < whole.byteCount ? (whole.kind, whole.byteCount - count, whole.number) : nil
    }

    /// The next item, for which bytes are taken from the front; nil when they do not complete one. After an error
    /// nothing more can be read.
    package mutating func next(from bytes: inout ArraySlice<UInt8>) throws(ItemError) -> Item? {
        if header == nil {
            take(Item.headerByteCount, from: &bytes)
            guard buffer.count == Item.headerByteCount else { return nil }
            let parsed = try parsedHeader()
            header = parsed
            buffer.removeAll(keepingCapacity: true)
            buffer.reserveCapacity(parsed.byteCount)
        }
        guard let header else { return nil }
        take(header.byteCount, from: &bytes)
        guard buffer.count == header.byteCount else { return nil }
        self.header = nil
        if header.kind == .chunk {
            // Handed on where they lie: of these there are many.
            defer { buffer = [] }
            return Item(number: header.number, content: .chunk(buffer))
        }
        let item = try Item(header.kind, number: header.number, body: buffer[...])
        if case .hello = item.content { hasGreeted = true }
        buffer.removeAll(keepingCapacity: true)
        return item
    }

    /// Fills the buffer up to so many bytes.
    private mutating func take(_ count: Int, from bytes: inout ArraySlice<UInt8>) {
        let part = bytes.prefix(count - buffer.count)
        buffer += part
        bytes = bytes.dropFirst(part.count)
    }

    private func parsedHeader() throws(ItemError) -> (kind: ItemKind, byteCount: Int, number: UInt64) {
        guard let kind = ItemKind(rawValue: buffer[0]) else { throw .kind(buffer[0]) }
        guard buffer[1...3].allSatisfy({ $0 == 0 }) else { throw .header }
        var reader = ByteReader(buffer[4...])
        guard let count = reader.word(UInt32.self), let number = reader.word(UInt64.self) else { throw .header }
        guard hasGreeted || kind.isGreeting else { throw .ungreeted(kind: kind.rawValue) }
        guard count <= Item.mostBodyBytes, kind.byteCounts.contains(Int(count)) else {
            throw .length(kind: kind.rawValue, byteCount: count)
        }
        return (kind, Int(count), number)
    }
}

extension Item {
    /// The item of a kind whose bytes are these, all of them.
    init(_ kind: ItemKind, number: UInt64, body: ArraySlice<UInt8>) throws(ItemError) {
        var reader = ByteReader(body)
        guard let content = Content(kind, &reader), reader.isAtEnd else { throw .body(kind: kind.rawValue) }
        self.init(number: number, content: content)
    }
}

extension Item.Content {
    fileprivate init?(_ kind: ItemKind, _ reader: inout ByteReader) {
        let content: Self?
        switch kind {
        case .hello: content = Hello(from: &reader).map(Self.hello)
        case .refusal: content = RefusalNotice(from: &reader).map(Self.refusal)
        case .ping: content = Ping(from: &reader).map(Self.ping)
        case .sync:
            let form = reader.byte().flatMap(SyncForm.init)
            let bytes = reader.bytes(reader.count) ?? []
            content = form.flatMap { $0.admits(byteCount: bytes.count) ? .sync($0, Array(bytes)) : nil }
        case .frame: content = FrameOpening(from: &reader).map(Self.frame)
        case .go: content = .go
        case .chunk: content = reader.bytes(reader.count).map { .chunk(Array($0)) }
        case .shutdown: content = reader.byte().flatMap(ShutdownReason.init).map(Self.shutdown)
        case .experiment:
            content = reader.bytes(reader.count).flatMap { String(validating: $0, as: UTF8.self) }
                .map(Self.experiment)
        case .dialBack: content = DialBack(from: &reader).map(Self.dialBack)
        }
        guard let content else { return nil }
        self = content
    }
}
