import CDeflate
import Gossip
import Graphs
public import Runtime
import Vectors

extension Frame {
    /// How many bytes a frame without a payload takes on a wire.
    public static let leastEncodedByteCount = Layout.byteCount(payload: 0)

    /// How many bytes the frame takes on a wire, header and checksum included.
    public var encodedByteCount: Int { Self.leastEncodedByteCount + payloadByteCount }

    /// The frame as bytes, from which `init(encoded:pool:)` makes the same frame.
    ///
    /// Peers and the payload's count must fit into 32 bits.
    public func encoded() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: encodedByteCount)
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        storeHeader(in: &raw, payload: payload?.count, isPacked: payload?.isPacked == true)
        if let payload { raw.store(payload) }
        let checksum = Self.checksum(of: bytes)
        for (index, shift) in stride(from: 0, to: 32, by: 8).enumerated() {
            bytes[bytes.count - Layout.checksumByteCount + index] = UInt8(truncatingIfNeeded: checksum >> shift)
        }
        return bytes
    }

    /// Writes the header, which announces a payload of so many numbers, packed or not; nil for none.
    func storeHeader(in raw: inout MutableRawSpan, payload count: Int?, isPacked: Bool) {
        let kind: Layout.Kind =
            switch content {
            case .message: count == nil ? .metadata : isPacked ? .packedMessage : .message
            case .part: .part
            case .acknowledgement: .acknowledgement
            }
        raw.storeOpening(kind.rawValue, payload: count)
        raw.store(Self.word(from), at: 8)
        raw.store(Self.word(to), at: 12)
        raw.store(incarnations.from, at: 16)
        raw.store(incarnations.to, at: 20)
        switch content {
        case .message(let sequence, let id, let metadata, _):
            raw.store(sequence, at: 24)
            raw.store(id.rawValue, at: 32)
            raw.store(metadata.round, at: 40)
            raw.store(metadata.weight.bitPattern, at: 48)
            raw.store(metadata.tag, at: 56)
        case .part(let sequence, _):
            raw.store(sequence, at: 24)
        case .acknowledgement(let through):
            raw.store(through, at: 24)
        }
    }

    private static func word(_ peer: PeerID) -> UInt32 {
        guard let word = UInt32(exactly: peer.rawValue) else {
            preconditionFailure("peer \(peer) has no number of 32 bits")
        }
        return word
    }

    /// CRC-32 of a frame's bytes but for the last four, which hold it.
    static func checksum(of bytes: [UInt8]) -> UInt32 {
        libdeflate_crc32(0, bytes, bytes.count - Layout.checksumByteCount)
    }
}

extension MutableRawSpan {
    mutating func store<Word: FixedWidthInteger & BitwiseCopyable>(_ word: Word, at offset: Int) {
        storeBytes(of: word.littleEndian, toByteOffset: offset, as: Word.self)
    }

    /// What every header has: magic, version, kind, and how many numbers come with it.
    mutating func storeOpening(_ kind: UInt16, payload count: Int?) {
        guard let count = UInt32(exactly: count ?? 0) else {
            preconditionFailure("a payload of \(count ?? 0) numbers does not fit into one frame")
        }
        store(Layout.magic, at: 0)
        store(Layout.version, at: 4)
        store(kind, at: 6)
        store(count, at: 60)
    }

    fileprivate mutating func store(_ payload: Payload) {
        payload.read { numbers in
            var offset = Layout.headerByteCount
            for index in numbers.indices {
                store(numbers[index].bitPattern, at: offset)
                offset += MemoryLayout<Float>.size
            }
        }
    }
}
