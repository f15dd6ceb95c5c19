import Gossip
import Graphs
public import Runtime
public import Vectors

extension Frame {
    /// The frame that was encoded as these bytes; its payload lies in a block of `pool`.
    ///
    /// Throws `WireError` when the bytes are not a whole, undamaged frame of this version.
    public init(encoded bytes: [UInt8], pool: PayloadPool = PayloadPool()) throws(WireError) {
        let span = bytes.span
        let raw = span.bytes
        let count = try Self.payloadCount(of: raw)
        let found = Self.checksum(of: bytes)
        let announced = raw.word(at: raw.byteCount - Layout.checksumByteCount, as: UInt32.self)
        guard found == announced else { throw .checksum(found: found, announced: announced) }

        let number = raw.word(at: 6, as: UInt16.self)
        guard let kind = Layout.Kind(rawValue: number) else { throw .kind(number) }
        guard kind.hasPayload || count == 0 else { throw .payload(kind: number, count: count) }
        let payload =
            kind.hasPayload
            ? Self.payload(count: count, in: bytes, pool, isPacked: kind == .packedMessage) : nil
        self.init(header: raw, kind, payload: payload)
    }

    /// The frame of a header whose opening has been read, with the payload that belongs to it.
    init(header raw: RawSpan, _ kind: Layout.Kind, payload: Payload?) {
        let sequence = raw.word(at: 24, as: UInt64.self)
        let content: Content
        switch kind {
        case .acknowledgement: content = .acknowledgement(through: sequence)
        case .part: content = .part(sequence: sequence, payload: payload)
        case .metadata, .message, .packedMessage:
            let metadata = Metadata(
                round: raw.word(at: 40, as: UInt64.self), tag: raw.word(at: 56, as: UInt32.self),
                weight: Double(bitPattern: raw.word(at: 48, as: UInt64.self)))
            let id = MessageID(rawValue: raw.word(at: 32, as: UInt64.self))
            content = .message(sequence: sequence, id: id, metadata: metadata, payload: payload)
        }
        self.init(
            from: PeerID(Int(raw.word(at: 8, as: UInt32.self))), to: PeerID(Int(raw.word(at: 12, as: UInt32.self))),
            incarnations: Incarnations(
                from: raw.word(at: 16, as: UInt32.self), to: raw.word(at: 20, as: UInt32.self)),
            content: content)
    }

    /// How many numbers the header announces, when there are just as many bytes as it then takes.
    private static func payloadCount(of raw: RawSpan) throws(WireError) -> Int {
        let least = Layout.byteCount(payload: 0)
        guard raw.byteCount >= least else { throw .truncated(byteCount: raw.byteCount, needed: least) }
        let count = try raw.announcedCount()
        let needed = Layout.byteCount(payload: count)
        if raw.byteCount < needed { throw .truncated(byteCount: raw.byteCount, needed: needed) }
        if raw.byteCount > needed { throw .surplus(byteCount: raw.byteCount, needed: needed) }
        return count
    }

    private static func payload(
        count: Int, in bytes: [UInt8], _ pool: PayloadPool, isPacked: Bool
    ) -> Payload {
        pool.payload(count: count, isPacked: isPacked) { numbers in
            let span = bytes.span
            let raw = span.bytes
            for index in 0..<count {
                let offset = Layout.headerByteCount + index * MemoryLayout<Float>.size
                numbers[index] = Float(bitPattern: raw.word(at: offset, as: UInt32.self))
            }
        }
    }
}

extension RawSpan {
    /// The little-endian word at an offset, which is checked; any bits are a word.
    func word<Word: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Word.Type) -> Word {
        Word(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: type))
    }

    /// How many numbers a header announces, when it is one of this version.
    func announcedCount() throws(WireError) -> Int {
        let magic = word(at: 0, as: UInt32.self)
        guard magic == Layout.magic else { throw .magic(magic) }
        let version = word(at: 4, as: UInt16.self)
        guard version == Layout.version else { throw .version(version) }
        return Int(word(at: 60, as: UInt32.self))
    }
}
