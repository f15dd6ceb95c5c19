/// A list of revocations as it travels over a link: the sender's count first, the list in parts where the other end
/// knows fewer.
struct RevocationParts {
    /// What a SYNC item about revocations says.
    enum Content {
        /// How many keys the sender knows of, and the SHA-256 of its list.
        case known(count: UInt32, digest: [UInt8])
        /// A part of the sender's list, at that place of so many bytes.
        case part(start: UInt32, total: UInt32, bytes: [UInt8])

        var bytes: [UInt8] {
            var writer = ByteWriter()
            switch self {
            case .known(let count, let digest):
                writer.put(UInt8(0))
                writer.put(count)
                writer.put(digest)
            case .part(let start, let total, let bytes):
                writer.put(UInt8(1))
                writer.put(start)
                writer.put(total)
                writer.put(bytes)
            }
            return writer.bytes
        }

        /// Nil where the bytes are neither.
        init?(_ bytes: [UInt8]) {
            var reader = ByteReader(bytes[...])
            switch reader.byte() {
            case 0:
                guard let count = reader.word(UInt32.self), let digest = reader.bytes(32), reader.isAtEnd else {
                    return nil
                }
                self = .known(count: count, digest: Array(digest))
            case 1:
                guard let start = reader.word(UInt32.self), let total = reader.word(UInt32.self),
                    let part = reader.bytes(reader.count)
                else { return nil }
                self = .part(start: start, total: total, bytes: Array(part))
            default: return nil
            }
        }

        /// What an end says first. - Parameter list: nil where it knows of no revocation.
        init(_ list: RevocationList?) {
            self = .known(
                count: UInt32(clamping: list?.serials.count ?? 0),
                digest: list.map { sha256($0.der) } ?? [UInt8](repeating: 0, count: 32))
        }
    }

    private var received: [UInt8] = []

    /// The parts of a list, in their order; none where it is too long to be spread.
    static func parts(of list: RevocationList) -> [Content] {
        let bytes = list.der
        guard bytes.count <= EngineLimits.mostRevocationByteCount else { return [] }
        return stride(from: 0, to: bytes.count, by: EngineLimits.revocationPartByteCount).map { start in
            let part = bytes[start..<min(start + EngineLimits.revocationPartByteCount, bytes.count)]
            return .part(start: UInt32(start), total: UInt32(bytes.count), bytes: Array(part))
        }
    }

    /// Takes a part. Gives all bytes with the last one; throws where it does not follow the part before.
    mutating func take(start: UInt32, total: UInt32, _ bytes: [UInt8]) throws(Breach) -> [UInt8]? {
        if start == 0 { received = [] }
        guard !bytes.isEmpty, Int(start) == received.count, total <= EngineLimits.mostRevocationByteCount,
            received.count + bytes.count <= Int(total)
        else { throw .record }
        received += bytes
        guard received.count == Int(total) else { return nil }
        defer { received = [] }
        return received
    }
}

extension RevocationList {
    /// Whether it says more than what another member knows.
    func saysMore(thanCount count: UInt32, digest: [UInt8]) -> Bool {
        let own = UInt32(clamping: serials.count)
        return own > count || own == count && digest.lexicographicallyPrecedes(sha256(der))
    }

    /// Whether it says more than another list, which may be none.
    func saysMore(than list: RevocationList?) -> Bool {
        guard let list else { return true }
        return saysMore(thanCount: UInt32(clamping: list.serials.count), digest: sha256(list.der))
    }
}
