/// A message of a node, whose payload follows in chunks.
struct FrameOpening: Sendable, Hashable {
    /// How the payload's numbers are written.
    var encoding: PayloadEncoding
    /// How many bytes of payload follow; 0 exactly where there is none.
    var payloadByteCount: UInt64
    /// The header of a frame, as `Wire` has it: 64 bytes.
    var header: [UInt8]

    static let headerByteCount = 64
    static let byteCount = 16 + headerByteCount

    func write(to writer: inout ByteWriter) {
        writer.put(encoding.rawValue)
        writer.put([UInt8](repeating: 0, count: 7))
        writer.put(payloadByteCount)
        writer.put(header)
    }
}

extension FrameOpening {
    /// Nil where the bytes open no frame.
    init?(from reader: inout ByteReader) {
        guard let byte = reader.byte(), let encoding = PayloadEncoding(rawValue: byte),
            reader.bytes(7)?.allSatisfy({ $0 == 0 }) == true, let count = reader.word(UInt64.self),
            (encoding == .none) == (count == 0), let header = reader.bytes(Self.headerByteCount)
        else { return nil }
        self.init(encoding: encoding, payloadByteCount: count, header: Array(header))
    }
}
