/// Whether a peer can be reached from outside: it asks a member to dial it at the address that its link comes from.
enum DialBack: Sendable, Hashable {
    /// Dial me at this port.
    case asked(port: UInt16)
    /// Whether the dialing succeeded, and at which address.
    case answered(isReached: Bool, address: Seed)

    static let mostByteCount = 2 + 255

    func write(to writer: inout ByteWriter) {
        switch self {
        case .asked(let port):
            writer.put(UInt8(0))
            writer.put(port)
        case .answered(let isReached, let address):
            writer.put(UInt8(isReached ? 2 : 1))
            writer.put(UInt8(address.description.utf8.count))
            writer.put(Array(address.description.utf8))
        }
    }

    /// Nil where the bytes are neither.
    init?(from reader: inout ByteReader) {
        guard let tag = reader.byte() else { return nil }
        if tag == 0 {
            guard let port = reader.word(UInt16.self), port > 0 else { return nil }
            self = .asked(port: port)
        } else {
            guard tag <= 2, let count = reader.byte(), let bytes = reader.bytes(Int(count)),
                let text = String(validating: bytes, as: UTF8.self), let address = Seed(text)
            else { return nil }
            self = .answered(isReached: tag == 2, address: address)
        }
    }
}
